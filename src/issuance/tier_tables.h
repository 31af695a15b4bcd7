#pragma once

namespace passmint::issuance {

// Which level members were last known to have.
class TierTables {
 protected:
  ~TierTables() = default;
};

}  // namespace passmint::issuance
