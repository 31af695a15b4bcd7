#include "ledger/arithmetic.h"

#include <algorithm>
#include <numeric>

namespace passmint::ledger {
namespace {

__extension__ using Wide = __int128;

}  // namespace

std::int64_t MulDiv(std::int64_t value, std::int64_t numerator, std::int64_t denominator,
                    Rounding rounding) {
  const Wide product = Wide{value} * numerator;
  const Wide quotient = product / denominator;
  const Wide twice_rest = 2 * (product % denominator);
  bool up = false;
  switch (rounding) {
    case Rounding::kFloor:
      break;
    case Rounding::kHalfUp:
      up = twice_rest >= denominator;
      break;
    case Rounding::kHalfEven:
      up = twice_rest > denominator || (twice_rest == denominator && quotient % 2 != 0);
      break;
    case Rounding::kCeil:
      up = twice_rest > 0;
      break;
  }
  return static_cast<std::int64_t>(quotient + (up ? 1 : 0));
}

std::vector<std::int64_t> Split(std::int64_t total, const std::vector<std::int64_t>& weights) {
  std::vector<std::int64_t> shares(weights.size(), 0);
  const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (sum == 0) {
    shares.front() = total;
    return shares;
  }
  std::vector<std::int64_t> rests(weights.size());
  std::int64_t left = total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide product = Wide{total} * weights[i];
    shares[i] = static_cast<std::int64_t>(product / sum);
    rests[i] = static_cast<std::int64_t>(product % sum);
    left -= shares[i];
  }
  // Fewer are left than there are lines with a rest: one each to the largest.
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&rests](std::size_t a, std::size_t b) { return rests[a] > rests[b]; });
  for (std::size_t i = 0; left > 0; ++i, --left) ++shares[order[i]];
  return shares;
}

}  // namespace passmint::ledger
