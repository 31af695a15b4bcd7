#include "image/color.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>

namespace passmint::image {
namespace {

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

// Of "abc" or "aabbcc".
std::optional<Color> ParseHex(std::string_view digits) {
  if (digits.size() != 3 && digits.size() != 6) return std::nullopt;
  const std::size_t per_channel = digits.size() / 3;
  std::array<std::uint8_t, 3> channels{};
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto high = HexDigit(digits[i * per_channel]);
    const auto low = HexDigit(digits[i * per_channel + per_channel - 1]);
    if (!high || !low) return std::nullopt;
    channels[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return Color{channels[0], channels[1], channels[2]};
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<std::uint8_t> ParseChannel(std::string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  if (value > 255) return std::nullopt;
  return static_cast<std::uint8_t>(value);
}

// Of "r, g, b".
std::optional<Color> ParseChannels(std::string_view list) {
  std::array<std::uint8_t, 3> channels{};
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const std::size_t comma = list.find(',');
    const bool is_last = i + 1 == channels.size();
    if ((comma == std::string_view::npos) != is_last) return std::nullopt;
    const auto channel = ParseChannel(Trim(list.substr(0, comma)));
    if (!channel) return std::nullopt;
    channels[i] = *channel;
    if (!is_last) list.remove_prefix(comma + 1);
  }
  return Color{channels[0], channels[1], channels[2]};
}

std::optional<Color> Parse(std::string_view text) {
  constexpr std::string_view kRgb = "rgb(";
  if (text.size() > 32) return std::nullopt;  // Beyond any sensible number of spaces.
  if (!text.empty() && text.front() == '#') return ParseHex(text.substr(1));
  if (text.substr(0, kRgb.size()) == kRgb && text.back() == ')') {
    return ParseChannels(text.substr(kRgb.size(), text.size() - kRgb.size() - 1));
  }
  return std::nullopt;
}

// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
double RelativeLuminance(Color color) {
  const auto linear = [](std::uint8_t channel) {
    const double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

}  // namespace

Result<Color> ParseColor(std::string_view text) {
  if (const auto color = Parse(text)) return *color;
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = "a colour is written #RGB, #RRGGBB or rgb(r, g, b) with 0 to 255 each",
               .reason = "bad_color"};
}

std::string ToCssRgb(Color color) {
  return fmt::format("rgb({}, {}, {})", color.red, color.green, color.blue);
}

std::string ToHexRgb(Color color) {
  return fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
}

double ContrastRatio(Color one, Color other) {
  const double first = RelativeLuminance(one);
  const double second = RelativeLuminance(other);
  return (std::fmax(first, second) + 0.05) / (std::fmin(first, second) + 0.05);
}

}  // namespace passmint::image
