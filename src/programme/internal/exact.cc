#include "programme/internal/exact.h"

#include <algorithm>

#include "ledger/asset.h"

namespace passmint::programme::internal {
namespace {

constexpr int kBitsMax = 126;
constexpr int kWordBits = 64;

int Bits(Wide value) {
  const auto high = static_cast<std::uint64_t>(value >> kWordBits);
  if (high != 0) return 2 * kWordBits - __builtin_clzll(high);
  const auto low = static_cast<std::uint64_t>(value);
  return low == 0 ? 0 : kWordBits - __builtin_clzll(low);
}

}  // namespace

Wide Product(Wide a, Wide b) {
  if (a == kTooWide || b == kTooWide || Bits(a) + Bits(b) > kBitsMax) return kTooWide;
  return a * b;
}

Wide Sum(Wide a, Wide b) {
  if (a == kTooWide || b == kTooWide) return kTooWide;
  const Wide sum = a + b;  // Both are below 2^126.
  return Bits(sum) > kBitsMax ? kTooWide : sum;
}

bool IsLess(Wide a, Wide b, Wide c, Wide d) {
  if (b == d) return a < c;
  const Wide left = Product(a, d);
  const Wide right = Product(c, b);
  return left != kTooWide && right != kTooWide && left < right;
}

std::int64_t Quotient(Wide numerator, Wide denominator, ledger::Rounding rounding) {
  if (numerator == kTooWide || denominator == kTooWide) return -1;
  const Wide quotient = numerator / denominator;
  if (quotient > ledger::kAmountMax) return -1;
  const Wide rest = numerator - quotient * denominator;
  bool up = false;
  switch (rounding) {
    case ledger::Rounding::kFloor:
      break;
    case ledger::Rounding::kHalfUp:
      up = rest >= denominator - rest;
      break;
    case ledger::Rounding::kHalfEven:
      up = rest > denominator - rest || (rest == denominator - rest && quotient % 2 != 0);
      break;
    case ledger::Rounding::kCeil:
      up = rest > 0;
      break;
  }
  const Wide rounded = quotient + (up ? 1 : 0);
  return rounded > ledger::kAmountMax ? -1 : static_cast<std::int64_t>(rounded);
}

bool Apportion(std::int64_t total, const std::vector<Wide>& weights, std::int64_t* shares) {
  const std::size_t size = weights.size();
  Wide sum = 0;
  for (const Wide weight : weights) sum = Sum(sum, weight);
  if (sum == kTooWide) return false;
  std::fill(shares, shares + size, 0);
  if (sum == 0) return true;
  if (Product(total, sum) == kTooWide) return false;
  std::int64_t left = total;
  std::vector<std::pair<Wide, std::size_t>> rests;  // Negative, so that the largest comes first.
  rests.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    if (weights[i] == 0) continue;
    const Wide product = total * weights[i];
    const Wide share = product / sum;
    shares[i] = static_cast<std::int64_t>(share);
    left -= shares[i];
    rests.emplace_back(-(product - share * sum), i);
  }
  if (left == 0) return true;
  // Fewer are left than there are lines with a rest: one each to the largest.
  const auto end = rests.begin() + left;
  if (end != rests.end()) std::nth_element(rests.begin(), end, rests.end());
  for (auto rest = rests.begin(); rest != end; ++rest) ++shares[rest->second];
  return true;
}

}  // namespace passmint::programme::internal
