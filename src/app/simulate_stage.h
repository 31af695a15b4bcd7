#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/console.h"
#include "app/system_clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/certificate.h"
#include "crypto/system_random.h"
#include "simulate/fake_apns.h"
#include "simulate/fake_google.h"
#include "simulate/fleet.h"
#include "simulate/service_process.h"

namespace passmint::app {

// A throw-away site with a service of its own, whose pushes go to a fake APNs and whose cards go to
// a fake Google. For one thread, but for what the faults call.
class SimulateStage {
 public:
  // Who hears of pushes and of Google's objects, on any thread.
  struct Listeners {
    simulate::FakeApns::OnPush push;
    std::function<void(const std::string& id, const Json& object, bool notified)> object;
  };

  // `keep`: a folder to work in and to leave; "": a temporary one that is gone afterwards.
  // `time_lapse`: the waits between pushes are so many times shorter.
  SimulateStage(std::filesystem::path keep, int time_lapse, const Console& console)
      : keep_(std::move(keep)), time_lapse_(time_lapse), console_(console) {}
  ~SimulateStage();
  SimulateStage(const SimulateStage&) = delete;
  SimulateStage& operator=(const SimulateStage&) = delete;

  // Makes the site and starts everything. Fails with kUnavailable.
  Status Build(Listeners listeners);

  // What can go wrong in the world; `kill`: the service too, as power cuts do, until it was
  // `kills_max` times; 0: for as long as there are faults.
  std::vector<simulate::Fault> Faults(bool google, bool kill, int kills_max);
  int kills() const { return kills_.load(); }

  Result<Secret> ShopKey() const;
  Result<std::vector<crypto::Certificate>> Roots() const;
  // A phone may be pushed so often, in the stage's time.
  simulate::PushBudget Budget() const;

  const std::string& url() const { return url_; }
  simulate::FakeApns& apns() { return *apns_; }
  const simulate::FakeGoogle& google() const { return *google_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path Site() const { return folder_ / "site"; }
  std::filesystem::path Config() const { return Site() / "passmint.toml"; }

  Status MakeFolder();
  Status MakeSite();
  Status StartGoogle(Listeners& listeners);
  std::string Changed(std::string settings) const;
  Status StartService();
  void KillService();

  const std::filesystem::path keep_;
  const int time_lapse_;
  const Console& console_;
  const SystemClock clock_;
  crypto::SystemRandom random_;
  std::filesystem::path folder_;
  std::string url_;
  std::unique_ptr<simulate::FakeApns> apns_;
  std::unique_ptr<simulate::FakeGoogle> google_;
  std::unique_ptr<simulate::ServiceProcess> service_;
  std::atomic<int> kills_{0};
};

}  // namespace passmint::app
