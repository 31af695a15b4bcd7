#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace passmint::issuance {

// Why a call moved points: one rule on one line (or on the whole order).
struct PointsReason {
  std::string entry;  // Of the journal, as EntryIdText.
  std::string rule;
  std::string line_id;  // Empty: the whole order.
  std::int64_t points = 0;
};

// What every answer of a call that moves points says: what it moved, and the balances after it.
struct PointsSummary {
  std::int64_t earned = 0;
  std::int64_t spent = 0;
  std::int64_t available = 0;
  std::int64_t pending = 0;
  std::int64_t held = 0;
  std::int64_t debt = 0;
  std::optional<std::int64_t> restored = {};  // Refunds only.
  std::optional<std::int64_t> clawed_back = {};
  std::vector<PointsReason> explain = {};
};

}  // namespace passmint::issuance
