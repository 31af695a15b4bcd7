#include "image/bitmap.h"

#include <cassert>

namespace passmint::image {

Bitmap MakeBitmap(Size size) {
  assert(IsDrawable(size));
  const std::size_t pixels =
      static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  return {.width = size.width,
          .height = size.height,
          .rgba = std::vector<std::uint8_t>(pixels * 4, std::uint8_t{0})};
}

}  // namespace passmint::image
