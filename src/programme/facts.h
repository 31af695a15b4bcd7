#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"

namespace passmint::programme {

// What is known of a member before an order. Rules look at nothing else, so the same facts, rules
// and instant give the same quote for ever.
struct MemberFacts {
  std::optional<std::chrono::year_month_day> birthday = {};
  std::optional<Timestamp> joined_at = {};
  std::string locale = {};
  std::vector<std::string> groups = {};
  std::vector<std::string> memberships = {};  // Plans that are paid for, or in their grace.
  std::string organisation = {};              // Whose account it is, while its contract runs.
  std::vector<std::string> guest_of = {};     // Organisations, likewise.
  std::map<std::string, std::string, std::less<>> attributes = {};
  bool opted_in = true;
  // Millionths, of the card itself: beats the tier's where a rule says "rate": "card".
  std::optional<std::int64_t> card_ppm = {};
};

// Over all orders before this one; refunds taken off. Minor units and points.
struct HistoryFacts {
  std::int64_t orders = 0;
  std::int64_t spend = 0;
  std::int64_t points_earned = 0;
  std::optional<Timestamp> last_order_at = {};
};

// Where the member stands before the order; tiers.h works it out.
struct TierFacts {
  int level = -1;           // Index into Tiers::levels; -1: below the first.
  std::int64_t metric = 0;  // What the tiers count, so far.
};

// What a rule gave this member in the period of its limit that runs now.
struct Used {
  std::string rule;         // "" for all rules together.
  std::int64_t points = 0;  // Minor units for discounts.
};

// A grant that was made, of a rule with "once".
struct Granted {
  std::string rule;
  std::string occurrence;  // occurrence.h
};

struct Facts {
  MemberFacts member = {};
  HistoryFacts history = {};
  TierFacts tier = {};
  std::vector<Used> used = {};
  std::vector<Granted> granted = {};
  // What is left of budgets, by id. One that is not named here has all of its cap.
  std::map<std::string, std::int64_t, std::less<>> budget_left = {};
};

}  // namespace passmint::programme
