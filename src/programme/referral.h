#pragma once

#include <cstdint>

#include "programme/rules.h"

// What an order of somebody who was recommended gives.

namespace passmint::programme {

// What one side is to get for an order.
struct ReferralReward {
  std::int64_t fixed = 0;  // It goes whole once everything is refunded.
  std::int64_t share = 0;  // Of what the friend paid: it goes with each refund.

  std::int64_t points() const { return fixed + share; }
};

// `ppm`: the side's own, or that of the promoter. `paid`: by money, minor units of a currency of so
// many decimal places. Rounded once, as the rule set says; never more than ledger::kAmountMax.
// REQUIRES: paid >= 0.
ReferralReward RewardFor(const RuleSet& rules, const Referral::Side& side, std::int64_t ppm,
                         std::int64_t paid, int currency_exponent);

// The same as something that is given once: with the limits of the side. It is pending for as long
// as the rule says.
Award AwardOf(const Referral& referral, const Referral::Side& side, const ReferralReward& reward);

}  // namespace passmint::programme
