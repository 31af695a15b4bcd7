#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "programme/basket.h"
#include "programme/facts.h"
#include "programme/rules.h"

namespace passmint::programme {

// What refunds left of a line. Minor units.
struct LeftLine {
  std::size_t index = 0;    // In the basket.
  std::int64_t amount = 0;  // Of what it cost before the rules' discounts.
  std::int64_t value = 0;   // Paid by points,
  std::int64_t burned = 0;  // by so many of them.
  std::int64_t paid = 0;    // By money.
};

// Whether an order that has only so much left would still get what the rule gave it: its condition
// holds, and money pays for something that it takes. `basket` has the quantities that are left; the
// facts and the instant are those that judged the order.
bool StillQualifies(const RuleSet& rules, const EarnRule& rule, const calendar::TimeZone& zone,
                    const Basket& basket, const std::vector<LeftLine>& left, const Facts& facts,
                    Timestamp paid_at);

}  // namespace passmint::programme
