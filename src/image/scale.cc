#include "image/scale.h"

#include <algorithm>

#include "image/internal/resize.h"

namespace passmint::image {
namespace {

// value * to / from, rounded, at least 1.
int Rescale(int value, int to, int from) {
  const std::int64_t scaled = (std::int64_t{value} * to * 2 + from) / (std::int64_t{from} * 2);
  return static_cast<int>(std::clamp<std::int64_t>(scaled, 1, INT32_MAX));
}

// True if `source` is wider than `box` in proportion.
bool IsWider(Size source, Size box) {
  return std::int64_t{source.width} * box.height > std::int64_t{box.width} * source.height;
}

Size FitWidth(Size source, Size box) {
  return {box.width, Rescale(source.height, box.width, source.width)};
}

Size FitHeight(Size source, Size box) {
  return {Rescale(source.width, box.height, source.height), box.height};
}

Error BadSize() {
  return {.code = ErrorCode::kInvalidArgument,
          .message = "picture sides must be positive and together at most 16 million pixels",
          .reason = "image_size"};
}

// The part of `source` of `size` whose top left is at (left, top). REQUIRES: it lies inside.
Bitmap Crop(const Bitmap& source, int left, int top, Size size) {
  Bitmap part = MakeBitmap(size);
  for (int y = 0; y < size.height; ++y) {
    const auto from = (std::ptrdiff_t{top + y} * source.width + left) * 4;
    std::copy_n(source.rgba.begin() + from, std::ptrdiff_t{size.width} * 4,
                part.rgba.begin() + std::ptrdiff_t{y} * size.width * 4);
  }
  return part;
}

}  // namespace

Size FitContain(Size source, Size box) {
  const Size fit = IsWider(source, box) ? FitWidth(source, box) : FitHeight(source, box);
  return {std::min(fit.width, box.width), std::min(fit.height, box.height)};
}

Size FitCover(Size source, Size box) {
  const Size fit = IsWider(source, box) ? FitHeight(source, box) : FitWidth(source, box);
  return {std::max(fit.width, box.width), std::max(fit.height, box.height)};
}

Result<Bitmap> ScaleTo(const Bitmap& source, Size size) {
  if (!IsDrawable(source.size()) || !IsDrawable(size)) return BadSize();
  if (source.size() == size) return source;
  Bitmap scaled = MakeBitmap(size);
  if (!internal::Resize(source, scaled)) {
    return Error{.code = ErrorCode::kUnavailable, .message = "scale picture: out of memory"};
  }
  return scaled;
}

Result<Bitmap> ScaleContain(const Bitmap& source, Size size) {
  if (!IsDrawable(source.size()) || !IsDrawable(size)) return BadSize();
  const Size fit = FitContain(source.size(), size);
  Result<Bitmap> scaled = ScaleTo(source, fit);
  if (!scaled.ok() || fit == size) return scaled;
  Bitmap framed = MakeBitmap(size);
  const int left = (size.width - fit.width) / 2;
  const int top = (size.height - fit.height) / 2;
  for (int y = 0; y < fit.height; ++y) {
    std::copy_n(scaled.value().rgba.begin() + std::ptrdiff_t{y} * fit.width * 4,
                std::ptrdiff_t{fit.width} * 4,
                framed.rgba.begin() + (std::ptrdiff_t{top + y} * size.width + left) * 4);
  }
  return framed;
}

Result<Bitmap> ScaleCover(const Bitmap& source, Size size) {
  if (!IsDrawable(source.size()) || !IsDrawable(size)) return BadSize();
  // Cropped before it is scaled: scaled first, a long thin picture would need more memory than any
  // limit allows.
  const Size part = FitContain(size, source.size());
  return ScaleTo(
      Crop(source, (source.width - part.width) / 2, (source.height - part.height) / 2, part), size);
}

}  // namespace passmint::image
