#include "unit/image/pictures.h"

#include <fmt/format.h>
#include <png.h>
#include <zlib.h>

#include <cmath>
#include <vector>

namespace passmint::image::testing {
namespace {

void Set(Bitmap& bitmap, int x, int y, Color color, std::uint8_t alpha) {
  const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(bitmap.width) +
                   static_cast<std::size_t>(x)) *
                  4;
  bitmap.rgba[at] = color.red;
  bitmap.rgba[at + 1] = color.green;
  bitmap.rgba[at + 2] = color.blue;
  bitmap.rgba[at + 3] = alpha;
}

std::string BigEndian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

}  // namespace

Bitmap Plain(Size size, Color color, std::uint8_t alpha) {
  Bitmap bitmap = MakeBitmap(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) Set(bitmap, x, y, color, alpha);
  }
  return bitmap;
}

Bitmap Gradient(Size size, std::uint8_t alpha) {
  Bitmap bitmap = MakeBitmap(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const Color color = {static_cast<std::uint8_t>(x * 255 / size.width),
                           static_cast<std::uint8_t>(y * 255 / size.height),
                           static_cast<std::uint8_t>((x + y) % 256)};
      Set(bitmap, x, y, color, alpha);
    }
  }
  return bitmap;
}

Bitmap Disc(int side, Color color) {
  Bitmap bitmap = MakeBitmap({side, side});
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const double distance = std::hypot(x - (side - 1) / 2.0, y - (side - 1) / 2.0);
      const double cover = std::fmin(1.0, std::fmax(0.0, side / 2.0 - distance));
      Set(bitmap, x, y, color, static_cast<std::uint8_t>(std::lround(cover * 255)));
    }
  }
  return bitmap;
}

std::string PixelAt(const Bitmap& bitmap, int x, int y) {
  const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(bitmap.width) +
                   static_cast<std::size_t>(x)) *
                  4;
  return fmt::format("{:02x}{:02x}{:02x}{:02x}", bitmap.rgba[at], bitmap.rgba[at + 1],
                     bitmap.rgba[at + 2], bitmap.rgba[at + 3]);
}

std::string MakeForeignPng(std::uint32_t width, std::uint32_t height, int bit_depth, int color_type,
                           bool interlaced) {
  std::string out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &out,
      [](png_structp writer, png_bytep data, std::size_t size) {
        static_cast<std::string*>(png_get_io_ptr(writer))
            ->append(reinterpret_cast<const char*>(data), size);
      },
      nullptr);
  png_set_IHDR(png, info, width, height, bit_depth, color_type,
               interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  std::vector<png_byte> row(png_get_rowbytes(png, info), png_byte{0});
  const int passes = png_set_interlace_handling(png);
  for (int pass = 0; pass < passes; ++pass) {
    for (std::uint32_t y = 0; y < height; ++y) png_write_row(png, row.data());
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

std::string PngChunk(const std::string& name, const std::string& data) {
  const std::string body = name + data;
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size());
  return BigEndian(static_cast<std::uint32_t>(data.size())) + body +
         BigEndian(static_cast<std::uint32_t>(crc));
}

std::string PngHeader(std::uint32_t width, std::uint32_t height) {
  using namespace std::string_literals;
  return "\x89PNG\r\n\x1a\n"s +
         PngChunk("IHDR", BigEndian(width) + BigEndian(height) + "\x08\x06\0\0\0"s);
}

}  // namespace passmint::image::testing
