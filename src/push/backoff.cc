#include "push/backoff.h"

#include <algorithm>
#include <limits>

namespace passmint::push {

std::chrono::microseconds BackOff(const BackOffPolicy& policy, std::int64_t attempts,
                                  std::uint32_t dice) {
  std::chrono::microseconds whole = policy.first;
  for (std::int64_t n = 1; n < attempts && whole < policy.longest; ++n) whole *= 2;
  whole = std::min<std::chrono::microseconds>(whole, policy.longest);
  const std::int64_t half = whole.count() / 2;
  // Half a year of microseconds has 44 bits: its parts of 2^32 are few enough to multiply.
  constexpr std::int64_t kDiceMax = std::numeric_limits<std::uint32_t>::max();
  const std::int64_t part = half / kDiceMax * dice + half % kDiceMax * dice / kDiceMax;
  return std::chrono::microseconds(whole.count() - half + part);
}

}  // namespace passmint::push
