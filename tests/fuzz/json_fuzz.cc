#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "json/json.h"

// What was read is written and read again: the same value, or the reader and the writer disagree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = passmint::json::Parse(text, 1 << 20);
  if (!parsed.ok()) return 0;
  const auto again = passmint::json::Parse(passmint::json::Dump(parsed.value()), 8 << 20);
  if (!again.ok() || again.value() != parsed.value()) std::abort();
  return 0;
}
