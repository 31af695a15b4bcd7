#include "base/money.h"

namespace passmint {

std::string FormatMajor(std::int64_t minor, int exponent) {
  const bool negative = minor < 0;
  const auto size =
      negative ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
  std::string digits = std::to_string(size);
  const auto places = static_cast<std::size_t>(exponent);
  if (places > 0) {
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return negative ? "-" + digits : digits;
}

std::int64_t ToMicroUnits(const Money& money) {
  std::int64_t factor = 1'000'000;
  for (int i = 0; i < money.currency.exponent(); ++i) factor /= 10;
  return money.minor * factor;
}

}  // namespace passmint
