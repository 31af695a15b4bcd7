#pragma once

#include <cstdint>
#include <string>

#include "image/bitmap.h"
#include "image/color.h"

namespace passmint::image::testing {

// One colour everywhere.
Bitmap Plain(Size size, Color color, std::uint8_t alpha = 255);

// Many colours, softly changing, opaque if `alpha` is 255.
Bitmap Gradient(Size size, std::uint8_t alpha = 255);

// A filled circle with a soft edge on transparency.
Bitmap Disc(int side, Color color);

// The pixel as "rrggbbaa".
std::string PixelAt(const Bitmap& bitmap, int x, int y);

// A PNG made by libpng's low-level interface, not by ours: any bit depth and colour type (0, 2, 4,
// 6), interlaced or not, all samples zero.
std::string MakeForeignPng(std::uint32_t width, std::uint32_t height, int bit_depth, int color_type,
                           bool interlaced);

// A PNG chunk with its length and checksum.
std::string PngChunk(const std::string& name, const std::string& data);

// Signature and IHDR that say this size, 8-bit RGBA.
std::string PngHeader(std::uint32_t width, std::uint32_t height);

}  // namespace passmint::image::testing
