#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "ledger/command.h"
#include "programme/facts.h"
#include "programme/moment.h"
#include "programme/rules.h"

// Points for something that is no order: a review, a visit, a birthday, a holiday.

namespace passmint::programme {

// Whether the award's window and condition hold for that member at that moment.
bool IsOpen(const RuleSet& rules, const Award& award, const Facts& facts, const Moment& moment);

// What limits an award beside itself. Nothing: no limit.
struct AwardLimits {
  std::optional<std::int64_t> member_left = {};  // In the period that runs.
  std::optional<std::int64_t> budget_left = {};
};

struct AwardedPoints {
  std::int64_t before_limits = 0;
  std::int64_t points = 0;  // 0: the limits or the budget had nothing left.
};

// What the award gives for `count` units: times its points if it is per unit. Limits cut, in the
// order grant, member, budget; a budget pays all or nothing unless it is partial. REQUIRES: count
// >= 1.
AwardedPoints PointsOf(const RuleSet& rules, const Award& award, std::int64_t count,
                       const AwardLimits& limits);

// The lot that so many points of the award make. Activation and expiry count from `now`.
ledger::Earning EarningOf(const RuleSet& rules, const Award& award, std::int64_t points,
                          const calendar::TimeZone& zone, Timestamp now);

// Null if the rule set has no such award.
const Award* FindAction(const RuleSet& rules, const std::string& id);
const Award* FindOccasion(const RuleSet& rules, const std::string& id);

}  // namespace passmint::programme
