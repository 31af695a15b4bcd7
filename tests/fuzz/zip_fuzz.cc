#include <cstddef>
#include <cstdint>
#include <string_view>

#include "zip/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)passmint::zip::ReadArchive({reinterpret_cast<const char*>(data), size}).ok();
  return 0;
}
