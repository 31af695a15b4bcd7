#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint::image {

// An opaque sRGB colour.
struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  friend bool operator==(Color, Color) = default;
};

// "#RGB", "#RRGGBB" in either case, or "rgb(r, g, b)" with decimal numbers 0 to 255 and any spaces
// between its parts. Fails with kInvalidArgument, reason "bad_color".
Result<Color> ParseColor(std::string_view text);

// "rgb(59, 35, 24)": the form of pass.json.
std::string ToCssRgb(Color color);

// "#3b2318": the form of hexBackgroundColor.
std::string ToHexRgb(Color color);

// WCAG 2.2's contrast ratio, 1 (the same) to 21 (black on white); 4.5 is readable text, 3 large
// text. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
double ContrastRatio(Color one, Color other);

}  // namespace passmint::image
