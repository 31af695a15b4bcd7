#include <mutex>
#include <utility>

#include "app/simulate_commands.h"
#include "app/simulate_stage.h"

namespace passmint::app {
namespace {

// Pushes and objects may come before the fleet is there and after it is gone.
class Receiver {
 public:
  void Set(simulate::Fleet* fleet) {
    const std::lock_guard lock(mutex_);
    fleet_ = fleet;
  }
  void Push(const simulate::FakePush& push) {
    const std::lock_guard lock(mutex_);
    if (fleet_ != nullptr) fleet_->Deliver(push.push_token.str(), push.answered);
  }
  void See(const std::string& id, const Json& object, bool notified) {
    const std::lock_guard lock(mutex_);
    if (fleet_ != nullptr) fleet_->See(id, object, notified);
  }

 private:
  std::mutex mutex_;
  simulate::Fleet* fleet_ = nullptr;
};

simulate::FleetOptions OptionsOf(const SimulateFleetOptions& options, SimulateStage& stage,
                                 const Clock& clock) {
  simulate::FleetOptions fleet{.url = stage.url(),
                               .phones = options.phones,
                               .google_accounts = options.google_accounts,
                               .orders = options.orders,
                               .orders_per_second = options.orders_per_second,
                               .threads = options.threads,
                               .seed = options.seed,
                               .faults = options.faults,
                               .settle_max = std::chrono::seconds(options.settle_seconds_max),
                               .push_budget = stage.Budget()};
  if (options.faults) {
    fleet.fault_list =
        stage.Faults(options.google_accounts > 0, options.kill || options.kills > 0, options.kills);
  }
  fleet.token_retired = [&](const std::string& token) {
    stage.apns().RetireToken(PushToken(token), clock.Now());
  };
  fleet.google_object = [&stage](const std::string& id) {
    return stage.google().Peek(id).value("object", Json());
  };
  return fleet;
}

}  // namespace

Status RunSimulateFleet(const SimulateFleetOptions& options, const Console& console) {
  Receiver receiver;
  SimulateStage stage(options.keep, options.time_lapse, console);
  Status built =
      stage.Build({.push = [&](const simulate::FakePush& push) { receiver.Push(push); },
                   .object = [&](const std::string& id, const Json& object,
                                 bool notified) { receiver.See(id, object, notified); }});
  if (!built.ok()) return built;
  auto key = stage.ShopKey();
  if (!key.ok()) return std::move(key).error();
  auto roots = stage.Roots();
  if (!roots.ok()) return std::move(roots).error();

  const SystemClock clock;
  simulate::Fleet fleet(OptionsOf(options, stage, clock), std::move(key).value(),
                        std::move(roots).value(),
                        [&](const std::string& line) { console.Progress(line); });
  receiver.Set(&fleet);
  auto report = fleet.Run();
  receiver.Set(nullptr);
  if (!report.ok()) return std::move(report).error();
  console.out << simulate::ToText(report.value());
  if (!options.keep.empty()) console.Hint("site and log are in " + stage.folder().string());
  if (report.value().ok()) return {};
  return Error{.code = ErrorCode::kConflict, .message = "the fleet found something wrong"};
}

}  // namespace passmint::app
