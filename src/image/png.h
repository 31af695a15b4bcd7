#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "image/bitmap.h"

namespace passmint::image {

// The numbers are those of the file (W3C PNG, third edition, section 11.2.1).
enum class PngColorType : std::uint8_t {
  kGray = 0,
  kRgb = 2,
  kPalette = 3,
  kGrayAlpha = 4,
  kRgba = 6,
};

struct PngInfo {
  std::uint32_t width = 0;   // 1 to 2^31 - 1.
  std::uint32_t height = 0;  // 1 to 2^31 - 1.
  int bit_depth = 0;         // 1, 2, 4, 8 or 16.
  PngColorType color_type = PngColorType::kRgba;
  bool has_alpha = false;  // By its colour type; a palette with transparent colours says false.
};

// What the header of a PNG says, without decoding it: looks at the first 33 bytes only, whatever
// the file's name or length. Fails with kInvalidArgument, reason "image_not_png" (the message names
// what it is instead, if that is JPEG, GIF, WebP, SVG or HEIC) or "image_damaged".
Result<PngInfo> Inspect(std::string_view bytes);

struct DecodeLimits {
  std::int64_t pixels = kMaxPixels;           // Larger values count as kMaxPixels.
  std::size_t bytes = std::size_t{16} << 20;  // Of the file.
};

// Every kind of PNG as RGBA with 8 bits a channel; gamma and colour chunks are followed to sRGB
// where libpng can. Memory is bounded by the limits, decided from the header before anything is
// allocated. Safe for concurrent calls, silent. Fails with
//   kInvalidArgument  as Inspect; "image_damaged" for a file that is cut short or contradicts
//   itself, kTooLarge         beyond the limits ("image_too_large").
Result<Bitmap> Decode(std::string_view bytes, const DecodeLimits& limits = {});

// The PNG of `bitmap`, 8 bits a channel and sRGB, in the smallest of palette, RGB and RGBA that
// keeps every pixel (the colour under full transparency aside); the same bitmap gives the same
// bytes with the same libpng and zlib. Takes 6 to 90 ms for a strip at @3x: encode at publish, not
// per pass. REQUIRES: IsDrawable(bitmap.size()) and rgba of that size.
Result<std::string> Encode(const Bitmap& bitmap);

}  // namespace passmint::image
