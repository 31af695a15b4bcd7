#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace passmint::issuance {

// What one API key moved by hand on one day of the programme's zone.
struct GivenByHand {
  std::string actor;     // Name of the API key.
  std::int64_t day = 0;  // Since 1970-01-01.
  std::int64_t given = 0;
  std::int64_t taken = 0;
  std::int64_t adjustments = 0;

  friend bool operator==(const GivenByHand&, const GivenByHand&) = default;
};

// The staff's part of a Transaction (store.h), with the same failures and the same life.
class StaffTables {
 public:
  // Adds to what the actor did that day, unless `given` would then exceed `most`: false, and
  // nothing was written. Holds up the actor's other adjustments of that day until the end.
  virtual Result<bool> CountGiven(const ProgrammeId&, const GivenByHand&,
                                  std::optional<std::int64_t> most) = 0;
  // Of the days from first to last, both included; by day and actor.
  virtual Result<std::vector<GivenByHand>> GivenBetween(const ProgrammeId&, std::int64_t first_day,
                                                        std::int64_t last_day) = 0;

 protected:
  ~StaffTables() = default;
};

}  // namespace passmint::issuance
