#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace passmint::design::internal {

// A date pattern of CLDR (Unicode TR 35, part 4, section 8) taken apart, for the Gregorian calendar
// and ASCII digits: ICU's own formatter copies a calendar for every date, which costs ten times the
// rest of a text.
class DayPattern {
 public:
  struct Names {
    std::array<std::string, 12> wide, abbreviated;              // "MMMM", "MMM".
    std::array<std::string, 12> wide_alone, abbreviated_alone;  // "LLLL", "LLL".
  };

  // Nothing if the pattern has other fields than day, month and year.
  static std::optional<DayPattern> Parse(std::u16string_view pattern, const Names& names);

  void Append(std::chrono::year_month_day day, std::string& out) const;

 private:
  struct Piece {
    enum class Type { kLiteral, kDay, kMonth, kMonthName, kYear, kShortYear };
    Type type = Type::kLiteral;
    unsigned digits = 1;
    std::string literal;
    std::array<std::string, 12> names;
  };

  static std::optional<Piece> Field(char16_t letter, std::size_t count, const Names& names);

  std::vector<Piece> pieces_;
};

}  // namespace passmint::design::internal
