#include "image/stamps.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "image/scale.h"

namespace passmint::image {
namespace {

constexpr int kMaxRows = 3;

// Shares of a cell's or strip's side, in percent.
constexpr int kStampShare = 80;  // The rest is the gap to the next stamp.
constexpr int kMarginShare = 5;  // Around the grid, of the strip's height.

// A stamp of fewer pixels is a dot.
constexpr int kMinStampPixels = 4;

int CeilDivide(int value, int by) { return (value + by - 1) / by; }

// The side of the squares that `columns` x `rows` of them leave to one in `size`.
int CellSide(int columns, int rows, Size size) {
  const int margin = size.height * kMarginShare / 100;
  const int width = (size.width - 2 * margin) / columns;
  const int height = (size.height - 2 * margin) / rows;
  return std::max(0, std::min(width, height));
}

// `over` onto `under`, Porter and Duff's "over" with alpha that is not multiplied in.
void BlendPixel(const std::uint8_t* over, std::uint8_t* under) {
  const unsigned over_alpha = over[3];
  if (over_alpha == 0) return;
  // All weights in units of 1 / (255 * 255).
  const unsigned over_weight = over_alpha * 255;
  const unsigned under_weight = under[3] * (255 - over_alpha);
  const unsigned weight = over_weight + under_weight;
  for (int c = 0; c < 3; ++c) {
    under[c] = static_cast<std::uint8_t>(
        (over[c] * over_weight + under[c] * under_weight + weight / 2) / weight);
  }
  under[3] = static_cast<std::uint8_t>((weight + 127) / 255);
}

// REQUIRES: `stamp` lies inside `strip` at (left, top).
void Blend(const Bitmap& stamp, int left, int top, Bitmap& strip) {
  for (int y = 0; y < stamp.height; ++y) {
    const std::uint8_t* over = stamp.rgba.data() + std::ptrdiff_t{y} * stamp.width * 4;
    std::uint8_t* under = strip.rgba.data() + (std::ptrdiff_t{top + y} * strip.width + left) * 4;
    for (int x = 0; x < stamp.width; ++x, over += 4, under += 4) BlendPixel(over, under);
  }
}

Error Refuse(const char* reason, const char* message) {
  return {.code = ErrorCode::kInvalidArgument, .message = message, .reason = reason};
}

Status Check(const StampStrip& strip) {
  if (strip.of < 1 || strip.of > kMaxStamps) {
    return Refuse("stamp_count", "a stamp card has 1 to 30 stamps");
  }
  if (strip.count < 0 || strip.count > strip.of) {
    return Refuse("stamp_count", "the stamps collected must be 0 to the stamps on the card");
  }
  if (strip.filled == nullptr) {
    return Refuse("stamp_count", "the picture of a collected stamp is missing");
  }
  if (!IsDrawable(strip.size)) return Refuse("image_size", "the strip has no drawable size");
  if (LayOutStamps(strip.of, strip.size).stamp < kMinStampPixels) {
    return Refuse("image_size", "the strip is too small for its stamps");
  }
  return {};
}

// The top left of stamp `index` of `of`.
std::pair<int, int> StampPosition(const StampGrid& grid, int index, int of, Size size) {
  const int cell = CellSide(grid.columns, grid.rows, size);
  const int row = index / grid.columns;
  const int in_row = std::min(grid.columns, of - row * grid.columns);
  const int inset = (cell - grid.stamp) / 2;
  return {(size.width - in_row * cell) / 2 + (index % grid.columns) * cell + inset,
          (size.height - grid.rows * cell) / 2 + row * cell + inset};
}

Result<Bitmap> Draw(const StampStrip& strip, const StampGrid& grid) {
  Result<Bitmap> drawn = strip.background != nullptr ? ScaleCover(*strip.background, strip.size)
                                                     : Result<Bitmap>(MakeBitmap(strip.size));
  if (!drawn.ok()) return drawn;
  const Size side = {grid.stamp, grid.stamp};
  Result<Bitmap> filled = ScaleContain(*strip.filled, side);
  if (!filled.ok()) return filled;
  std::optional<Bitmap> empty;
  if (strip.empty != nullptr) {
    Result<Bitmap> scaled = ScaleContain(*strip.empty, side);
    if (!scaled.ok()) return scaled;
    empty = std::move(scaled).value();
  }
  for (int i = 0; i < strip.of; ++i) {
    const auto [left, top] = StampPosition(grid, i, strip.of, strip.size);
    if (i < strip.count) {
      Blend(filled.value(), left, top, drawn.value());
    } else if (empty) {
      Blend(*empty, left, top, drawn.value());
    }
  }
  return drawn;
}

}  // namespace

StampGrid LayOutStamps(int of, Size size) {
  StampGrid best;
  int best_cell = -1;
  for (int rows = 1; rows <= std::min(kMaxRows, of); ++rows) {
    const int columns = CeilDivide(of, rows);
    const int cell = CellSide(columns, rows, size);
    if (cell <= best_cell) continue;
    best_cell = cell;
    const int gap = cell * (100 - kStampShare) / 100;
    // An even gap, so that both sides of a stamp get the same.
    best = {.rows = CeilDivide(of, columns), .columns = columns, .stamp = cell - gap / 2 * 2};
  }
  return best;
}

Result<Bitmap> DrawStampStrip(const StampStrip& strip) {
  if (Status fine = Check(strip); !fine.ok()) return fine.error();
  return Draw(strip, LayOutStamps(strip.of, strip.size));
}

}  // namespace passmint::image
