#pragma once

#include <cstdint>
#include <string>

#include "base/currency.h"

namespace passmint {

// An amount in the smallest unit of its currency. |minor| <= Points::kMax where it comes from
// outside.
struct Money {
  std::int64_t minor = 0;
  Currency currency;

  friend bool operator==(const Money&, const Money&) = default;
};

// The amount in major units with a point, exact, for formats that want a decimal number:
// 199900 RUB -> "1999.00", -5 RUB -> "-0.05", 500 JPY -> "500".
std::string FormatMajor(std::int64_t minor, int exponent);

// Millionths of the major unit, as Google's Money.micros counts for every currency: 500 JPY ->
// 500000000. REQUIRES: |minor| <= Points::kMax / 10^4 (Google's own field is an int64).
std::int64_t ToMicroUnits(const Money& money);

}  // namespace passmint
