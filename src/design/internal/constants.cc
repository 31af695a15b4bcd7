#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "design/internal/template_parser.h"

namespace passmint::design::internal {

bool IsOpenableUrl(std::string_view url) {
  constexpr std::array<std::string_view, 5> kSchemes = {"https://", "http://",
                                                        "tel:", "mailto:", "sms:"};
  for (const std::string_view scheme : kSchemes) {
    if (url.size() > scheme.size() && url.starts_with(scheme)) return true;
  }
  return false;
}

std::optional<Decimal> ParseDecimal(std::string_view text) {
  constexpr std::size_t kDigitsMax = 15;
  constexpr std::size_t kFractionMax = 6;
  const bool negative = text.starts_with("-");
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  std::string digits(text.substr(0, point));
  if (digits.empty()) return std::nullopt;
  std::size_t fraction = 0;
  if (point != std::string_view::npos) {
    fraction = text.size() - point - 1;
    if (fraction == 0 || fraction > kFractionMax) return std::nullopt;
    digits += text.substr(point + 1);
  }
  if (digits.size() > kDigitsMax) return std::nullopt;
  Decimal decimal{.digits = 0, .exponent = static_cast<int>(fraction)};
  const char* const end = digits.data() + digits.size();
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  if (std::from_chars(digits.data(), end, decimal.digits).ec != std::errc()) return std::nullopt;
  if (negative) decimal.digits = -decimal.digits;
  return decimal;
}

std::optional<ParsedDate> ParseDateText(std::string_view text, const calendar::TimeZone& zone) {
  if (const auto instant = ParseRfc3339(text); instant.ok())
    return ParsedDate{.instant = instant.value(), .date_only = false};
  if (const auto day = ParseDate(text); day.ok())
    return ParsedDate{.instant = zone.StartOf(day.value()), .date_only = true};
  return std::nullopt;
}

}  // namespace passmint::design::internal
