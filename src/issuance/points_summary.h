#pragma once

#include <cstdint>

namespace passmint::issuance {

// What every answer of a call that moves points says. All zero while the programme has no ledger.
struct PointsSummary {
  std::int64_t earned = 0;
  std::int64_t spent = 0;
  std::int64_t available = 0;
  std::int64_t pending = 0;
  std::int64_t held = 0;
  std::int64_t debt = 0;
};

}  // namespace passmint::issuance
