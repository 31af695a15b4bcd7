#pragma once

#include "base/result.h"
#include "image/bitmap.h"

namespace passmint::image {

// More stamps than this could not be told apart on a strip of 375 x 144 points.
inline constexpr int kMaxStamps = 30;

// A strip of stamps: `count` of `of` are filled. The pictures are not owned and must outlive the
// call.
struct StampStrip {
  const Bitmap* background = nullptr;  // Fills the strip, cropped in the middle; null: transparent.
  const Bitmap* filled = nullptr;      // Never null.
  const Bitmap* empty = nullptr;       // Null: nothing is drawn where a stamp is missing.
  int count = 0;                       // 0 to `of`.
  int of = 0;                          // 1 to kMaxStamps.
  Size size;                           // Of the strip, in pixels.
};

struct StampGrid {
  int rows = 0;
  int columns = 0;  // The last row may be shorter; it is centred.
  int stamp = 0;    // The side of the square that a stamp is fitted into, in pixels.
};

// The grid of 1 to 3 rows that makes the stamps largest, fewer rows first: 5 are one row, 10 are
// two of five on a strip of any Apple size. REQUIRES: 1 <= of <= kMaxStamps, IsDrawable(size).
StampGrid LayOutStamps(int of, Size size);

// Draws the strip; the same input gives the same pixels. Fails with kInvalidArgument
// ("stamp_count", "image_size") if a number is out of its range, or a strip too small for its
// stamps.
Result<Bitmap> DrawStampStrip(const StampStrip& strip);

}  // namespace passmint::image
