#include "image/internal/resize.h"

// The library's own code is compiled here, in this file alone; its warnings are not ours to fix.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#define STB_IMAGE_RESIZE_STATIC
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>
#pragma GCC diagnostic pop

namespace passmint::image::internal {

bool Resize(const Bitmap& from, Bitmap& to) {
  constexpr int kChannels = 4;
  constexpr int kAlphaChannel = 3;
  constexpr int kTightRows = 0;
  // No flags: alpha is not multiplied in, so colours are weighted by it, and it is linear itself.
  constexpr int kFlags = 0;
  // Both filters may differ per direction: down Mitchell, up Catmull-Rom, the library's defaults.
  return stbir_resize_uint8_generic(from.rgba.data(), from.width, from.height, kTightRows,
                                    to.rgba.data(), to.width, to.height, kTightRows, kChannels,
                                    kAlphaChannel, kFlags, STBIR_EDGE_CLAMP, STBIR_FILTER_DEFAULT,
                                    STBIR_COLORSPACE_SRGB, nullptr) == 1;
}

}  // namespace passmint::image::internal
