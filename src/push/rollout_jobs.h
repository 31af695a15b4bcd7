#pragma once

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "issuance/store.h"

namespace passmint::push {

// Tells, a few a second, the phones of the cards whose design has changed. Where it is stands in
// the store: it goes on after a restart, in whatever process is first. For one thread.
class RolloutJobs {
 public:
  // The store outlives it. `programmes`: of the settings.
  RolloutJobs(issuance::Store& store, std::vector<ProgrammeId> programmes)
      : store_(store), programmes_(std::move(programmes)) {}

  struct Step {
    // Until the next one is due; nothing: none runs, but one may be started at any time.
    std::optional<std::chrono::microseconds> wait;
    std::optional<issuance::Rollout> ended;
  };
  // A second's worth of one rollout that is due. Fails as Store::Write; nothing is lost.
  Result<Step> Run();

 private:
  // As Step::wait.
  Result<std::optional<std::chrono::microseconds>> NextDue();
  Status Advance(issuance::Transaction& transaction, issuance::Rollout& rollout);

  issuance::Store& store_;
  const std::vector<ProgrammeId> programmes_;
};

}  // namespace passmint::push
