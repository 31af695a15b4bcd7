#include "issuance/rollouts.h"

#include <utility>

namespace passmint::issuance {

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
  if (rollout.state == RolloutState::kDone || rollout.state == RolloutState::kCancelled) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "the rollout is " + std::string(ToText(rollout.state)),
                 .reason = "rollout_ended"};
  }
  rollout.state = wanted;
  rollout.changed_at = transaction.Now();
  rollout.due_at.reset();
  if (wanted == RolloutState::kRunning) rollout.due_at = transaction.Now();
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
