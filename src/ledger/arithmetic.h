#pragma once

#include <cstdint>
#include <vector>

namespace passmint::ledger {

enum class Rounding { kFloor, kHalfUp, kHalfEven, kCeil };

// value * numerator / denominator in 128 bits. REQUIRES: value, numerator >= 0, denominator > 0,
// the result fits int64.
std::int64_t MulDiv(std::int64_t value, std::int64_t numerator, std::int64_t denominator,
                    Rounding rounding = Rounding::kFloor);

// Splits `total` in proportion to `weights` by largest remainder; ties go to the lower index. The
// shares sum up to `total` exactly. With all weights zero the first share takes all. REQUIRES:
// total and weights >= 0, at least one weight, their sum fits int64.
std::vector<std::int64_t> Split(std::int64_t total, const std::vector<std::int64_t>& weights);

}  // namespace passmint::ledger
