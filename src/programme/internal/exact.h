#pragma once

#include <cstdint>
#include <vector>

#include "ledger/arithmetic.h"

// Exact integers of up to 126 bits, never negative. Amounts have 53 bits, rates 20 to 40; what does
// not fit becomes kTooWide and stays it.

namespace passmint::programme::internal {

__extension__ using Wide = __int128;
inline constexpr Wide kTooWide = -1;

Wide Product(Wide a, Wide b);
Wide Sum(Wide a, Wide b);

// a / b < c / d. REQUIRES: b, d > 0. What is too wide to tell is not less.
bool IsLess(Wide a, Wide b, Wide c, Wide d);

// numerator / denominator, rounded once; -1 if something is too wide or it is more than
// ledger::kAmountMax.
std::int64_t Quotient(Wide numerator, Wide denominator, ledger::Rounding rounding);

// Splits `total` by largest remainder, ties to the lower index; the shares add up to it. With all
// weights zero there are no shares. False if something is too wide.
bool Apportion(std::int64_t total, const std::vector<Wide>& weights, std::int64_t* shares);

}  // namespace passmint::programme::internal
