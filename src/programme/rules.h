#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "json/json.h"
#include "ledger/arithmetic.h"
#include "ledger/command.h"

// What a programme's points are earned and spent by. Pure.
//
// This is the part of contract/programme.md that an order needs at least: percent rules without
// conditions, the worth of a point, a cap on burning, activation and expiry.

namespace passmint::programme {

// Calendar time, as "P12M" or "P14D" says it (ISO 8601 durations of whole years, months, weeks or
// days).
struct Period {
  int months = 0;
  int days = 0;
  friend bool operator==(const Period&, const Period&) = default;
};

enum class RoundTo { kDay, kMonth, kQuarter, kYear };

// How long points live: until the end of the day that lies `after` behind the day of earning, or of
// the month, quarter or year that holds it. A day that the month lacks becomes its last.
struct Expiry {
  bool never = true;
  Period after;
  RoundTo round_to = RoundTo::kDay;
};

struct EarnRule {
  std::string id;        // Stable for ever: limits, reports and refunds are keyed by it.
  std::int64_t ppm = 0;  // Millionths of what money paid: 50,000 is 5 %.
  Period activate_after;
  Expiry expires;
  std::string funder;  // Empty: the programme itself.
};

struct RuleSet {
  std::int64_t version = 0;  // 0: the programme has no rules, nothing is earned.
  int exponent = 0;          // Decimal places of a point: 0 to 6.
  // What points are worth when they pay: `value_points` smallest units are `value_minor`.
  std::int64_t value_points = 1;
  std::int64_t value_minor = 100;
  ledger::Rounding rounding = ledger::Rounding::kFloor;
  std::string rounding_name = "floor";
  std::vector<EarnRule> earn;
  std::int64_t burn_max_ppm = 1'000'000;  // Of what an order costs.
  ledger::Policy refunds;
};

// Fails with kInvalidArgument and every problem with its pointer: an unknown field, a rate over
// 100 %, a period that cannot be read.
Result<RuleSet> ParseRules(const Json& rules, std::int64_t version);

// What so many points pay at most, in minor units, at most ledger::kAmountMax. REQUIRES: points >=
// 0.
std::int64_t WorthOf(const RuleSet& rules, std::int64_t points);

// The first instant at which points earned at `earned_at` are worth nothing.
Timestamp ExpiresAt(const Expiry& expiry, const calendar::TimeZone& zone, Timestamp earned_at);

// The start of the day that lies `period` behind that of `earned_at`; `earned_at` itself if the
// period is nothing.
Timestamp ActivatesAt(const Period& period, const calendar::TimeZone& zone, Timestamp earned_at);

}  // namespace passmint::programme
