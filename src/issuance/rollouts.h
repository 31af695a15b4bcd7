#pragma once

#include "base/result.h"
#include "issuance/rollout_pace.h"
#include "issuance/store.h"
#include "json/json.h"

namespace passmint::issuance {

// Telling phones that the design of their cards has changed (DeliveryTables, Rollout) as operators
// see and steer it. A new publication begins anew, whatever became of the one before.

enum class RolloutOrder { kPause, kResume, kCancel };

// Fails with kNotFound if nothing of the template was published since its first version.
Result<Rollout> GetRollout(Transaction& transaction, const ProgrammeId& programme,
                           const TemplateName& name);

// The rollout afterwards. The same order again changes nothing. Phones that were not told after a
// kCancel see the new design with their next change. Fails as GetRollout, and with kConflict,
// reason "rollout_ended".
Result<Rollout> OrderRollout(Transaction& transaction, const ProgrammeId& programme,
                             const TemplateName& name, RolloutOrder order);

// The same with another pace, which counts from the next cards on. Fails as OrderRollout, and with
// kInvalidArgument if it is not 1 to kRolloutCardsPerSecondMax.
Result<Rollout> PaceRollout(Transaction& transaction, const ProgrammeId& programme,
                            const TemplateName& name, int per_second);

// As the API answers it: assets/openapi.yaml, Rollout.
Json RolloutJson(const Rollout& rollout);

}  // namespace passmint::issuance
