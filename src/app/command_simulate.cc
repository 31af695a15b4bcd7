#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>

#include "app/commands.h"
#include "app/files.h"
#include "app/system_clock.h"
#include "simulate/fake_apns.h"
#include "simulate/fleet.h"
#include "simulate/service_process.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;
using simulate::ApnsFault;

constexpr std::chrono::seconds kReadyWithin{60};
constexpr std::chrono::milliseconds kLookPause{50};
constexpr std::chrono::milliseconds kApnsDownFor{1500};
// So long every second push meets a fault.
constexpr std::chrono::milliseconds kFaultFor{300};
constexpr double kFaultShare = 0.5;
constexpr std::size_t kFileBytesMax = std::size_t{1} << 20;
// A phone may be pushed three times at once and then once an hour; here an hour takes this much.
constexpr int kTimeLapse = 600;

// A throw-away site with a service of its own, whose pushes go to a fake APNs.
class Stage {
 public:
  Stage(const SimulateOptions& options, const Console& console)
      : options_(options), console_(console) {}
  ~Stage() {
    service_.reset();
    std::error_code ignored;
    if (options_.keep.empty() && !folder_.empty()) fs::remove_all(folder_, ignored);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  Status Build(simulate::FakeApns::OnPush on_push) {
    if (Status made = MakeFolder(); !made.ok()) return made;
    console_.Progress("making a site and a fake APNs in " + folder_.string());
    auto apns = simulate::FakeApns::Start({}, clock_, std::move(on_push));
    if (!apns.ok()) return std::move(apns).error();
    apns_ = std::move(apns).value();
    if (Status made = MakeSite(); !made.ok()) return made;
    service_ = std::make_unique<simulate::ServiceProcess>(
        kSelf, std::vector<std::string>{"serve", "--config", Config().string()},
        folder_ / "service.log");
    return StartService();
  }

  // As a power cut would.
  void KillService() {
    service_->Kill();
    if (const Status started = StartService(); !started.ok()) console_.Report(started.error());
  }

  Result<Secret> ShopKey() const {
    auto key = simulate::RunProgram(kSelf, {"key", "create", "--config", Config().string(),
                                            "--name", "simulate", "--role", "shop"});
    if (!key.ok()) return std::move(key).error();
    while (key.value().ends_with('\n')) key.value().pop_back();
    return Secret(std::move(key).value());
  }

  Result<std::vector<crypto::Certificate>> Roots() const {
    const auto pem = ReadFile(Site() / "certs/test-root.pem", kFileBytesMax);
    if (!pem.ok()) return pem.error();
    return crypto::ParseCertificates(pem.value());
  }

  const std::string& url() const { return url_; }
  simulate::FakeApns& apns() { return *apns_; }
  const fs::path& folder() const { return folder_; }

 private:
  static constexpr const char* kSelf = "/proc/self/exe";

  fs::path Site() const { return folder_ / "site"; }
  fs::path Config() const { return Site() / "passmint.toml"; }

  Status MakeFolder() {
    if (!options_.keep.empty()) {
      folder_ = options_.keep;
      return MakeFolders(folder_);
    }
    std::string pattern = (fs::temp_directory_path() / "passmint-simulate-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      return Error{.code = ErrorCode::kUnavailable, .message = "cannot make " + pattern};
    }
    folder_ = pattern;
    return {};
  }

  Status MakeSite() {
    const auto port = simulate::FreePort();
    if (!port.ok()) return port.error();
    const auto metrics = simulate::FreePort();
    if (!metrics.ok()) return metrics.error();
    url_ = fmt::format("http://127.0.0.1:{}", port.value());
    auto made = simulate::RunProgram(
        kSelf, {"init", Site().string(), "--listen", fmt::format("127.0.0.1:{}", port.value()),
                "--metrics-listen", fmt::format("127.0.0.1:{}", metrics.value())});
    if (!made.ok()) return std::move(made).error();
    if (Status wrote = WriteNewFile(Site() / "certs/fake-apns.pem", apns_->ca_pem()); !wrote.ok()) {
      return wrote;
    }
    auto settings = ReadFile(Config(), kFileBytesMax);
    if (!settings.ok()) return std::move(settings).error();
    return ReplaceFile(Config(), Changed(std::move(settings).value()));
  }

  // Pushes go to the fake, in a time of its own; nothing goes to Google.
  std::string Changed(std::string settings) const {
    const std::string apns =
        fmt::format("[apns]\nurl = \"{}\"\nca_file = \"certs/fake-apns.pem\"\ntime_lapse = {}\n\n",
                    apns_->url(), kTimeLapse);
    settings.insert(settings.find("[[programme]]"), apns);
    for (const char* key : {"google.service_account", "google.issuer_id"}) {
      const auto line = settings.find(key);
      if (line != std::string::npos) settings.insert(line, "# ");
    }
    return settings;
  }

  Status StartService() {
    if (Status started = service_->Start(); !started.ok()) return started;
    simulate::ServiceClient client;
    const auto end = std::chrono::steady_clock::now() + kReadyWithin;
    while (std::chrono::steady_clock::now() < end && service_->Runs()) {
      const auto answer = client.Send("GET", url_ + "/healthz");
      if (answer.ok() && answer.value().status == 200) return {};
      std::this_thread::sleep_for(kLookPause);
    }
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "the service did not start",
                 .hint = "run with --keep DIR and read DIR/service.log"};
  }

  const SimulateOptions& options_;
  const Console& console_;
  const SystemClock clock_;
  fs::path folder_;
  std::string url_;
  std::unique_ptr<simulate::FakeApns> apns_;
  std::unique_ptr<simulate::ServiceProcess> service_;
};

std::vector<simulate::Fault> Faults(Stage& stage, bool kill) {
  std::vector<simulate::Fault> faults;
  for (const ApnsFault fault :
       {ApnsFault::kTooManyRequests, ApnsFault::kInternalError, ApnsFault::kUnavailable,
        ApnsFault::kShutdown, ApnsFault::kGoaway, ApnsFault::kResetStream,
        ApnsFault::kDropConnection, ApnsFault::kLostAnswer, ApnsFault::kSlowAnswer}) {
    faults.push_back({"APNs " + std::string(simulate::ToString(fault)), [&stage, fault] {
                        stage.apns().SetShare(fault, kFaultShare);
                        std::this_thread::sleep_for(kFaultFor);
                        stage.apns().SetShare(fault, 0);
                      }});
  }
  faults.push_back({"APNs down", [&stage] {
                      stage.apns().SetDown(true);
                      std::this_thread::sleep_for(kApnsDownFor);
                      stage.apns().SetDown(false);
                    }});
  if (kill) faults.push_back({"service killed", [&stage] { stage.KillService(); }});
  return faults;
}

}  // namespace

Status RunSimulate(const SimulateOptions& options, const Console& console) {
  // Pushes may come before the fleet is there and after it is gone.
  std::mutex mutex;
  simulate::Fleet* receiver = nullptr;
  Stage stage(options, console);
  Status built = stage.Build([&](const simulate::FakePush& push) {
    const std::lock_guard lock(mutex);
    if (receiver != nullptr) receiver->Deliver(push.push_token.str());
  });
  if (!built.ok()) return built;
  auto key = stage.ShopKey();
  if (!key.ok()) return std::move(key).error();
  auto roots = stage.Roots();
  if (!roots.ok()) return std::move(roots).error();

  simulate::FleetOptions fleet_options{.url = stage.url(),
                                       .phones = options.phones,
                                       .orders = options.orders,
                                       .orders_per_second = options.orders_per_second,
                                       .threads = options.threads,
                                       .seed = options.seed,
                                       .faults = options.faults};
  if (options.faults) fleet_options.fault_list = Faults(stage, options.kill);
  const SystemClock clock;
  fleet_options.token_retired = [&](const std::string& token) {
    stage.apns().RetireToken(PushToken(token), clock.Now());
  };
  simulate::Fleet fleet(std::move(fleet_options), std::move(key).value(), std::move(roots).value(),
                        [&](const std::string& line) { console.Progress(line); });
  {
    const std::lock_guard lock(mutex);
    receiver = &fleet;
  }
  auto report = fleet.Run();
  {
    const std::lock_guard lock(mutex);
    receiver = nullptr;
  }
  if (!report.ok()) return std::move(report).error();
  console.out << simulate::ToText(report.value());
  if (!options.keep.empty()) console.Hint("site and log are in " + stage.folder().string());
  if (report.value().ok()) return {};
  return Error{.code = ErrorCode::kConflict, .message = "the fleet found something wrong"};
}

}  // namespace passmint::app
