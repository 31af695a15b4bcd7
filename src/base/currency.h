#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace passmint {

// An ISO 4217 currency in use, with the number of digits behind the point of its major unit: JPY 0,
// RUB 2, KWD 3. Source: ISO 4217:2015 list one (SIX, 2024-06-25).
class Currency {
 public:
  // Nothing if `code` is not three capital letters of the list.
  static std::optional<Currency> Find(std::string_view code);

  std::string code() const { return std::string(code_, 3); }
  int exponent() const { return exponent_; }

  friend auto operator<=>(const Currency&, const Currency&) = default;

 private:
  Currency(std::string_view code, int exponent);

  char code_[3];
  int exponent_;
};

}  // namespace passmint
