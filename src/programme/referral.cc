#include "programme/referral.h"

#include <algorithm>

#include "programme/internal/exact.h"

namespace passmint::programme {
namespace {

using internal::Wide;

constexpr std::int64_t kMillion = 1'000'000;

Wide Power(int digits) {
  Wide value = 1;
  for (int i = 0; i < digits; ++i) value *= 10;
  return value;
}

}  // namespace

ReferralReward RewardFor(const RuleSet& rules, const Referral::Side& side, std::int64_t ppm,
                         std::int64_t paid, int currency_exponent) {
  const Wide numerator =
      internal::Product(internal::Product(Wide{paid}, Wide{ppm}), Power(rules.exponent));
  const std::int64_t share =
      internal::Quotient(numerator, Power(currency_exponent) * kMillion, rules.rounding);
  const std::int64_t most = ledger::kAmountMax - side.points;
  return {.fixed = side.points, .share = share < 0 ? most : std::min(share, most)};
}

Award AwardOf(const Referral& referral, const Referral::Side& side, const ReferralReward& reward) {
  return {.id = referral.id,
          .points = reward.points(),
          .activate_after = referral.pending,
          .expires = referral.expires,
          .funder = referral.funder,
          .limits = side.limits};
}

}  // namespace passmint::programme
