#pragma once

#include "image/bitmap.h"

namespace passmint::image::internal {

// Fills `to` with `from`, scaled. False if there is no memory.
bool Resize(const Bitmap& from, Bitmap& to);

}  // namespace passmint::image::internal
