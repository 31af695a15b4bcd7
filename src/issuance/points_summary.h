#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"

namespace passmint::issuance {

// Why a call moved points: one rule on one line (or on the whole order).
struct PointsReason {
  std::string entry;  // Of the journal, as EntryIdText.
  std::string rule;
  std::string line_id;  // Empty: the whole order.
  std::int64_t points = 0;
};

// Stamps of one card (programme::StampCard) that a rule gave, or a refund took back.
struct StampMove {
  std::string card;
  std::string rule;
  std::string line_id;  // Empty: the whole order.
  std::int64_t stamps = 0;
};

// What a member has of one stamp card.
struct StampBalance {
  std::string card;
  std::int64_t count = 0;    // In the round that is being collected.
  std::int64_t pending = 0;  // Not active yet.
  std::int64_t debt = 0;     // Taken back after their round was cashed in; the next ones pay it.
};

// Points that expire next, if nothing else happens.
struct NextExpiry {
  std::int64_t points = 0;
  Timestamp at;
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
  std::vector<StampBalance> stamps = {};     // Of each card that the member ever had stamps of.
  std::vector<StampMove> stamps_moved = {};  // By the call.
};

}  // namespace passmint::issuance
