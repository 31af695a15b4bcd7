#include <cstddef>
#include <cstdint>
#include <string_view>

#include "google/callback.h"

// Without the root key's private half no input gets past the signatures, so the list of keys, which
// comes from outside too, is the other half of the target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const passmint::IssuerId issuer("3388000000022141777");
  const passmint::Timestamp now{};
  const auto keys = passmint::google::ParseRootKeys(bytes, now);
  (void)passmint::google::VerifyCallback(
      bytes, keys.ok() ? keys.value() : std::vector<passmint::google::RootKey>{}, issuer, now);
  return 0;
}
