#include "app/simulate_stage.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "app/files.h"
#include "push/device_limit.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;
using simulate::ApnsFault;
using simulate::FakeGoogleTrouble;
using std::chrono::milliseconds;

constexpr const char* kSelf = "/proc/self/exe";
constexpr std::chrono::seconds kReadyWithin{60};
constexpr milliseconds kLookPause{50};
constexpr milliseconds kApnsDownFor{1500};
// So long every second push meets a fault.
constexpr milliseconds kFaultFor{300};
constexpr double kFaultShare = 0.5;
// So long Google is in trouble.
constexpr milliseconds kGoogleTroubleFor{500};
constexpr milliseconds kSlowGoogle{400};
constexpr std::size_t kFileBytesMax = std::size_t{1} << 20;

void Rest(milliseconds length) { std::this_thread::sleep_for(length); }

// Puts `line` in front of the first `mark` that there is.
void PutBefore(std::string& text, const std::string& mark, const std::string& line) {
  text.insert(text.find(mark), line);
}

}  // namespace

SimulateStage::~SimulateStage() {
  service_.reset();
  std::error_code ignored;
  if (keep_.empty() && !folder_.empty()) fs::remove_all(folder_, ignored);
}

Status SimulateStage::Build(Listeners listeners) {
  if (Status made = MakeFolder(); !made.ok()) return made;
  console_.Progress("making a site, a fake APNs and a fake Google in " + folder_.string());
  auto apns = simulate::FakeApns::Start({}, clock_, std::move(listeners.push));
  if (!apns.ok()) return std::move(apns).error();
  apns_ = std::move(apns).value();
  if (Status made = MakeSite(); !made.ok()) return made;
  if (Status started = StartGoogle(listeners); !started.ok()) return started;
  auto settings = ReadFile(Config(), kFileBytesMax);
  if (!settings.ok()) return std::move(settings).error();
  Status changed = ReplaceFile(Config(), Changed(std::move(settings).value()));
  if (!changed.ok()) return changed;
  service_ = std::make_unique<simulate::ServiceProcess>(
      kSelf, std::vector<std::string>{"serve", "--config", Config().string()},
      folder_ / "service.log");
  return StartService();
}

Status SimulateStage::MakeFolder() {
  if (!keep_.empty()) {
    folder_ = keep_;
    return MakeFolders(folder_);
  }
  std::string pattern = (fs::temp_directory_path() / "passmint-simulate-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    return Error{.code = ErrorCode::kUnavailable, .message = "cannot make " + pattern};
  }
  folder_ = pattern;
  return {};
}

Status SimulateStage::MakeSite() {
  const auto port = simulate::FreePort();
  if (!port.ok()) return port.error();
  const auto metrics = simulate::FreePort();
  if (!metrics.ok()) return metrics.error();
  url_ = fmt::format("http://127.0.0.1:{}", port.value());
  auto made = simulate::RunProgram(
      kSelf, {"init", Site().string(), "--listen", fmt::format("127.0.0.1:{}", port.value()),
              "--metrics-listen", fmt::format("127.0.0.1:{}", metrics.value())});
  if (!made.ok()) return std::move(made).error();
  return WriteNewFile(Site() / "certs/fake-apns.pem", apns_->ca_pem());
}

// Its links and tokens have to be signed by the site's account.
Status SimulateStage::StartGoogle(Listeners& listeners) {
  auto key = ReadFile(Site() / "certs/google-public.pem", kFileBytesMax);
  if (!key.ok()) return std::move(key).error();
  auto google = simulate::FakeGoogle::Start(
      {.public_key_pem = std::move(key).value(), .on_object = std::move(listeners.object)}, clock_,
      random_);
  if (!google.ok()) return std::move(google).error();
  google_ = std::move(google).value();
  return {};
}

// Everything goes to the fakes, pushes in a time of their own.
std::string SimulateStage::Changed(std::string settings) const {
  PutBefore(
      settings, "[[programme]]",
      fmt::format("[apns]\nurl = \"{}\"\nca_file = \"certs/fake-apns.pem\"\ntime_lapse = {}\n\n",
                  apns_->url(), time_lapse_));
  const std::string google = fmt::format("http://127.0.0.1:{}", google_->port());
  PutBefore(settings, "api_url = ",
            fmt::format("api_url = \"{0}\"\ntoken_url = \"{0}/token\"\n"
                        "save_url = \"{0}/gp/v/save/\"\nkeys_url = \"{0}/gp/m/issuer/keys\"\n# ",
                        google));
  return settings;
}

Status SimulateStage::StartService() {
  if (Status started = service_->Start(); !started.ok()) return started;
  simulate::ServiceClient client;
  const auto end = std::chrono::steady_clock::now() + kReadyWithin;
  while (std::chrono::steady_clock::now() < end && service_->Runs()) {
    const auto answer = client.Send("GET", url_ + "/healthz");
    if (answer.ok() && answer.value().status == 200) return {};
    Rest(kLookPause);
  }
  return Error{.code = ErrorCode::kUnavailable,
               .message = "the service did not start",
               .hint = "run with --keep DIR and read DIR/service.log"};
}

void SimulateStage::KillService() {
  service_->Kill();
  ++kills_;
  if (const Status started = StartService(); !started.ok()) console_.Report(started.error());
}

Result<Secret> SimulateStage::ShopKey() const {
  auto key = simulate::RunProgram(kSelf, {"key", "create", "--config", Config().string(), "--name",
                                          "simulate", "--role", "shop"});
  if (!key.ok()) return std::move(key).error();
  while (key.value().ends_with('\n')) key.value().pop_back();
  return Secret(std::move(key).value());
}

Result<std::vector<crypto::Certificate>> SimulateStage::Roots() const {
  const auto pem = ReadFile(Site() / "certs/test-root.pem", kFileBytesMax);
  if (!pem.ok()) return pem.error();
  return crypto::ParseCertificates(pem.value());
}

simulate::PushBudget SimulateStage::Budget() const {
  return {.burst = push::kBurst, .rest = milliseconds(push::kRestPerPush) / time_lapse_};
}

std::vector<simulate::Fault> SimulateStage::Faults(bool google, bool kill, int kills_max) {
  std::vector<simulate::Fault> faults;
  for (const ApnsFault fault :
       {ApnsFault::kTooManyRequests, ApnsFault::kInternalError, ApnsFault::kUnavailable,
        ApnsFault::kShutdown, ApnsFault::kGoaway, ApnsFault::kResetStream,
        ApnsFault::kDropConnection, ApnsFault::kLostAnswer, ApnsFault::kSlowAnswer}) {
    faults.push_back({"APNs " + std::string(simulate::ToString(fault)), [this, fault] {
                        apns_->SetShare(fault, kFaultShare);
                        Rest(kFaultFor);
                        apns_->SetShare(fault, 0);
                        return true;
                      }});
  }
  faults.push_back({"APNs down", [this] {
                      apns_->SetDown(true);
                      Rest(kApnsDownFor);
                      apns_->SetDown(false);
                      return true;
                    }});
  const std::pair<const char*, FakeGoogleTrouble> troubles[] = {
      {"Google 429", {.status = 429, .length = kGoogleTroubleFor}},
      {"Google 500", {.status = 500, .length = kGoogleTroubleFor}},
      {"Google slow", {.delay = kSlowGoogle, .length = kGoogleTroubleFor}},
      {"Google lost answers", {.lost = true, .length = kGoogleTroubleFor}}};
  if (google) {
    for (const auto& kind : troubles) {
      faults.push_back({kind.first, [this, trouble = kind.second] {
                          google_->Break(trouble);
                          Rest(trouble.length);
                          return true;
                        }});
    }
  }
  if (kill) {
    faults.push_back({"service killed", [this, kills_max] {
                        if (kills_max > 0 && kills() >= kills_max) return false;
                        KillService();
                        return true;
                      }});
  }
  return faults;
}

}  // namespace passmint::app
