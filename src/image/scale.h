#pragma once

#include "base/result.h"
#include "image/bitmap.h"

namespace passmint::image {

// The largest size of the source's shape that fits into `box` (at least 1 x 1), rounded to pixels.
// REQUIRES: IsDrawable of both.
Size FitContain(Size source, Size box);

// The smallest size of the source's shape that covers `box`. May be larger than kMaxPixels for
// extreme shapes. REQUIRES: IsDrawable of both.
Size FitCover(Size source, Size box);

// `source` at exactly `size`, distorted if the shapes differ. Averages light rather than bytes
// (linear light, colours weighted by alpha), so that fine patterns keep their brightness and
// transparent edges no dark fringe: Mitchell's filter down, Catmull-Rom up. The same size gives the
// same pixels. All three fail with kInvalidArgument ("image_size") if either size is not drawable,
// and with kUnavailable when there is no memory. Safe for concurrent calls.
Result<Bitmap> ScaleTo(const Bitmap& source, Size size);

// All of `source` in the middle of a transparent picture of `size`.
Result<Bitmap> ScaleContain(const Bitmap& source, Size size);

// The middle of `source`, filling `size` wholly.
Result<Bitmap> ScaleCover(const Bitmap& source, Size size);

}  // namespace passmint::image
