#include <cstddef>
#include <cstdint>
#include <string_view>

#include "image/png.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)passmint::image::Inspect(bytes).ok();
  (void)passmint::image::Decode(bytes).ok();
  return 0;
}
