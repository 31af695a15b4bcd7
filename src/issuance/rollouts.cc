#include "issuance/rollouts.h"

#include <utility>

namespace passmint::issuance {
namespace {

bool HasEnded(const Rollout& rollout) {
  return rollout.state == RolloutState::kDone || rollout.state == RolloutState::kCancelled;
}

Error Ended(const Rollout& rollout) {
  return {.code = ErrorCode::kConflict,
          .message = "the rollout is " + std::string(ToText(rollout.state)),
          .reason = "rollout_ended"};
}

}  // namespace

Result<Rollout> GetRollout(Transaction& transaction, const ProgrammeId& programme,
                           const TemplateName& name) {
  auto found = transaction.FindRollout(programme, name);
  if (!found.ok()) return std::move(found).error();
  if (found.value()) return *std::move(found).value();
  return Error{.code = ErrorCode::kNotFound,
               .message = "no phones are or were told of a new design of that template"};
}

Result<Rollout> OrderRollout(Transaction& transaction, const ProgrammeId& programme,
                             const TemplateName& name, RolloutOrder order) {
  auto found = GetRollout(transaction, programme, name);
  if (!found.ok()) return found;
  Rollout rollout = std::move(found).value();
  const RolloutState wanted = order == RolloutOrder::kPause    ? RolloutState::kPaused
                              : order == RolloutOrder::kResume ? RolloutState::kRunning
                                                               : RolloutState::kCancelled;
  if (rollout.state == wanted) return rollout;
  if (HasEnded(rollout)) return Ended(rollout);
  rollout.state = wanted;
  rollout.changed_at = transaction.Now();
  rollout.due_at.reset();
  if (wanted == RolloutState::kRunning) rollout.due_at = transaction.Now();
  if (Status put = transaction.PutRollout(rollout); !put.ok()) return std::move(put).error();
  return rollout;
}

Result<Rollout> PaceRollout(Transaction& transaction, const ProgrammeId& programme,
                            const TemplateName& name, int per_second) {
  if (per_second < 1 || per_second > kRolloutCardsPerSecondMax) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "a rollout tells 1 to " + std::to_string(kRolloutCardsPerSecondMax) +
                            " cards a second, not " + std::to_string(per_second)};
  }
  auto found = GetRollout(transaction, programme, name);
  if (!found.ok()) return found;
  Rollout rollout = std::move(found).value();
  if (HasEnded(rollout)) return Ended(rollout);
  rollout.per_second = per_second;
  rollout.changed_at = transaction.Now();
  if (Status put = transaction.PutRollout(rollout); !put.ok()) return std::move(put).error();
  return rollout;
}

Json RolloutJson(const Rollout& rollout) {
  return {{"template", rollout.name.str()},
          {"version", rollout.version},
          {"percent", rollout.ring},
          {"state", ToText(rollout.state)},
          {"per_second", rollout.per_second},
          {"seen", rollout.seen},
          {"told", rollout.told},
          {"started_at", FormatRfc3339(rollout.started_at)},
          {"changed_at", FormatRfc3339(rollout.changed_at)}};
}

}  // namespace passmint::issuance
