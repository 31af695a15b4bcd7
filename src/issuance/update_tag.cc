#include "issuance/update_tag.h"

#include <algorithm>
#include <charconv>

namespace passmint::issuance {
namespace {

// Until the year 5138.
constexpr std::size_t kDigitsMax = 14;

std::optional<std::int64_t> ParseMillis(std::string_view digits) {
  const bool plain =
      !digits.empty() && digits.size() <= kDigitsMax &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!plain) return std::nullopt;
  std::int64_t millis = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), millis);
  return millis;
}

}  // namespace

std::optional<UpdateTag> UpdateTag::Parse(std::string_view text) {
  const std::size_t point = text.find('.');
  const auto shown = ParseMillis(text.substr(0, point));
  if (!shown) return std::nullopt;
  if (point == std::string_view::npos) return UpdateTag(*shown, *shown);
  const auto clock = ParseMillis(text.substr(point + 1));
  if (!clock) return std::nullopt;
  return UpdateTag(*shown, *clock);
}

UpdateTag UpdateTag::At(Timestamp now, const std::optional<UpdateTag>& earlier) {
  const std::int64_t clock = ToUnixMillis(now);
  return {earlier ? std::max(clock, earlier->shown_) : clock, clock};
}

Timestamp UpdateTag::clock() const { return Timestamp(std::chrono::milliseconds(clock_)); }

std::string UpdateTag::ToText() const {
  std::string text = std::to_string(shown_);
  if (clock_ != shown_) text += "." + std::to_string(clock_);
  return text;
}

}  // namespace passmint::issuance
