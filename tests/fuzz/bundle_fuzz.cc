#include <cstddef>
#include <cstdint>
#include <string_view>

#include "apple/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)passmint::apple::VerifyBundle({reinterpret_cast<const char*>(data), size});
  return 0;
}
