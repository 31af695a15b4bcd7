#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace passmint::image {

struct Size {
  int width = 0;
  int height = 0;

  friend bool operator==(Size, Size) = default;
};

// The most pixels a bitmap may have, 64 MiB of memory: the largest picture of a pass, artwork@3x,
// has 1.5 million (Apple reference 3.1).
inline constexpr std::int64_t kMaxPixels = std::int64_t{16} << 20;

// True if both sides are positive and together at most kMaxPixels.
constexpr bool IsDrawable(Size size) {
  return size.width > 0 && size.height > 0 &&
         std::int64_t{size.width} * std::int64_t{size.height} <= kMaxPixels;
}

// Pixels from the top left, row by row without gaps, four bytes each: red, green, blue, alpha, in
// sRGB, alpha not multiplied in. `rgba` has width * height * 4 bytes.
struct Bitmap {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;

  Size size() const { return {width, height}; }

  friend bool operator==(const Bitmap&, const Bitmap&) = default;
};

// Transparent black. REQUIRES: IsDrawable(size).
Bitmap MakeBitmap(Size size);

}  // namespace passmint::image
