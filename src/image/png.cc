#include "image/png.h"

#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <unordered_map>
#include <utility>

// Decoding and encoding go through libpng's simplified interface: it needs no setjmp of ours,
// prints nothing, and converts every kind of PNG by itself.
namespace passmint::image {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n"sv;
constexpr std::size_t kHeaderBytes = 33;  // Signature, and IHDR's length, name, 13 bytes and CRC.
constexpr std::size_t kMaxPalette = 256;

Error Damaged(std::string message) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = "PNG " + std::move(message),
          .reason = "image_damaged"};
}

std::uint32_t Get32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

std::uint32_t Crc32(std::string_view bytes) {
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<std::uint32_t>(crc32_z(0, data, bytes.size()));
}

// What designers hand in instead of a PNG.
const char* NameOtherFormat(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff")) return "a JPEG";
  if (bytes.starts_with("GIF8")) return "a GIF";
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return "a WebP";
  if (bytes.starts_with("<svg") || bytes.starts_with("<?xml")) return "an SVG or XML file";
  if (bytes.starts_with("%PDF")) return "a PDF";
  if (bytes.substr(0, 8).ends_with("ftyp")) return "a HEIC, AVIF or video file";
  return bytes.empty() ? "an empty file" : "no image that we know";
}

// W3C PNG, third edition, table 8.
bool IsDepthOfType(int depth, int color_type) {
  switch (color_type) {
    case 0:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
      return depth == 8 || depth == 16;
    default:
      return false;
  }
}

// True if the chunks behind the signature follow one another up to an IEND that is wholly there.
// libpng stops reading at the last pixel and so misses a file cut after it.
bool ReachesEnd(std::string_view bytes) {
  constexpr std::size_t kChunkFrame = 12;  // Length, name and CRC.
  for (std::size_t at = kSignature.size(); bytes.size() - at >= kChunkFrame;) {
    const std::size_t length = Get32(bytes, at);
    if (length > bytes.size() - at - kChunkFrame) return false;
    if (bytes.substr(at + 4, 4) == "IEND") return true;
    at += kChunkFrame + length;
  }
  return false;
}

// Frees what libpng holds for an image, if anything.
struct ImageGuard {
  ImageGuard() { image.version = PNG_IMAGE_VERSION; }
  ImageGuard(const ImageGuard&) = delete;
  ImageGuard& operator=(const ImageGuard&) = delete;
  ~ImageGuard() { png_image_free(&image); }

  png_image image = {};
};

using Pixel = std::array<std::uint8_t, 4>;

Pixel PixelAt(const Bitmap& bitmap, std::size_t index) {
  Pixel pixel;
  std::copy_n(bitmap.rgba.begin() + static_cast<std::ptrdiff_t>(index * 4), 4, pixel.begin());
  return pixel[3] == 0 ? Pixel{} : pixel;  // Nobody sees the colour of what is transparent.
}

// The picture as indexes into at most 256 colours.
struct Indexed {
  std::vector<std::uint8_t> colors;  // RGBA each.
  std::vector<std::uint8_t> indexes;
};

std::optional<Indexed> ToPalette(const Bitmap& bitmap) {
  Indexed indexed;
  std::unordered_map<std::uint32_t, std::uint8_t> known;
  const std::size_t count = bitmap.rgba.size() / 4;
  indexed.indexes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Pixel pixel = PixelAt(bitmap, i);
    const std::uint32_t key = static_cast<std::uint32_t>(pixel[0]) << 24 |
                              static_cast<std::uint32_t>(pixel[1]) << 16 |
                              static_cast<std::uint32_t>(pixel[2]) << 8 | pixel[3];
    const auto found = known.find(key);
    if (found != known.end()) {
      indexed.indexes.push_back(found->second);
      continue;
    }
    if (known.size() == kMaxPalette) return std::nullopt;
    const auto index = static_cast<std::uint8_t>(known.size());
    known.emplace(key, index);
    indexed.colors.insert(indexed.colors.end(), pixel.begin(), pixel.end());
    indexed.indexes.push_back(index);
  }
  return indexed;
}

bool IsOpaque(const Bitmap& bitmap) {
  for (std::size_t i = 3; i < bitmap.rgba.size(); i += 4) {
    if (bitmap.rgba[i] != 255) return false;
  }
  return true;
}

// The channels that remain: all four, or without alpha.
std::vector<std::uint8_t> Channels(const Bitmap& bitmap, std::ptrdiff_t channels) {
  std::vector<std::uint8_t> bytes;
  const std::size_t count = bitmap.rgba.size() / 4;
  bytes.reserve(count * static_cast<std::size_t>(channels));
  for (std::size_t i = 0; i < count; ++i) {
    const Pixel pixel = PixelAt(bitmap, i);
    bytes.insert(bytes.end(), pixel.begin(), pixel.begin() + channels);
  }
  return bytes;
}

Result<std::string> Write(png_image& image, const std::vector<std::uint8_t>& pixels,
                          const void* colors) {
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = bytes.size();
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, colors) == 0) {
    return Error{.code = ErrorCode::kInternal,
                 .message = std::string("encode PNG: ") + image.message};
  }
  bytes.resize(size);
  bytes.shrink_to_fit();
  return bytes;
}

}  // namespace

Result<PngInfo> Inspect(std::string_view bytes) {
  if (!bytes.starts_with(kSignature)) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = std::string("image must be a PNG; this is ") + NameOtherFormat(bytes),
                 .reason = "image_not_png"};
  }
  if (bytes.size() < kHeaderBytes) return Damaged("is cut short in its header");
  if (Get32(bytes, 8) != 13 || bytes.substr(12, 4) != "IHDR") {
    return Damaged("does not start with a header (IHDR)");
  }
  if (Crc32(bytes.substr(12, 17)) != Get32(bytes, 29)) {
    return Damaged("has a header that does not match its checksum");
  }
  constexpr std::uint32_t kMaxSide = 0x7fff'ffff;
  const std::uint32_t width = Get32(bytes, 16);
  const std::uint32_t height = Get32(bytes, 20);
  if (width == 0 || height == 0 || width > kMaxSide || height > kMaxSide) {
    return Damaged("has no valid width and height");
  }
  const int depth = static_cast<unsigned char>(bytes[24]);
  const int type = static_cast<unsigned char>(bytes[25]);
  if (!IsDepthOfType(depth, type) || bytes[26] != 0 || bytes[27] != 0 ||
      static_cast<unsigned char>(bytes[28]) > 1) {
    return Damaged("has a header of values that the format does not know");
  }
  return PngInfo{.width = width,
                 .height = height,
                 .bit_depth = depth,
                 .color_type = static_cast<PngColorType>(type),
                 .has_alpha = type == 4 || type == 6};
}

Result<Bitmap> Decode(std::string_view bytes, const DecodeLimits& limits) {
  const Result<PngInfo> info = Inspect(bytes);
  if (!info.ok()) return info.error();
  const std::uint32_t width = info.value().width;
  const std::uint32_t height = info.value().height;
  // Both sides are below 2^31, so their product fits.
  const std::int64_t pixels = std::int64_t{width} * std::int64_t{height};
  if (pixels > std::min(limits.pixels, kMaxPixels) || bytes.size() > limits.bytes) {
    return Error{.code = ErrorCode::kTooLarge,
                 .message = "PNG of " + std::to_string(width) + " x " + std::to_string(height) +
                            " pixels and " + std::to_string(bytes.size()) + " bytes is too large",
                 .reason = "image_too_large"};
  }
  if (!ReachesEnd(bytes)) return Damaged("is cut short");

  ImageGuard guard;
  png_image& image = guard.image;
  const auto damaged = [&] { return Damaged(std::string("cannot be decoded: ") + image.message); };
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return damaged();
  // libpng reads the header that we read; should it ever not, the buffer below would be too small.
  if (image.width != width || image.height != height) return Damaged("has two headers");
  image.format = PNG_FORMAT_RGBA;
  Bitmap bitmap = MakeBitmap({static_cast<int>(width), static_cast<int>(height)});
  if (png_image_finish_read(&image, nullptr, bitmap.rgba.data(), 0, nullptr) == 0) {
    return damaged();
  }
  return bitmap;
}

Result<std::string> Encode(const Bitmap& bitmap) {
  assert(IsDrawable(bitmap.size()) &&
         bitmap.rgba.size() == std::size_t{4} * static_cast<std::size_t>(bitmap.width) *
                                   static_cast<std::size_t>(bitmap.height));
  ImageGuard guard;
  png_image& image = guard.image;
  image.width = static_cast<png_uint_32>(bitmap.width);
  image.height = static_cast<png_uint_32>(bitmap.height);
  if (const auto indexed = ToPalette(bitmap)) {
    image.format = PNG_FORMAT_RGBA_COLORMAP;
    image.colormap_entries = static_cast<png_uint_32>(indexed->colors.size() / 4);
    return Write(image, indexed->indexes, indexed->colors.data());
  }
  const bool opaque = IsOpaque(bitmap);
  image.format = opaque ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
  return Write(image, Channels(bitmap, opaque ? 3 : 4), nullptr);
}

}  // namespace passmint::image
