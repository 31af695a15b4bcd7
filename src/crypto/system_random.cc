#include "crypto/system_random.h"

#include <openssl/rand.h>

#include <algorithm>

#include "crypto/internal/openssl.h"

namespace passmint::crypto {

std::string SystemRandom::Bytes(std::size_t count) {
  std::string bytes(count, '\0');
  // In steps that fit OpenSSL's int.
  constexpr std::size_t kStep = 1 << 20;
  for (std::size_t at = 0; at < count; at += kStep) {
    const int size = static_cast<int>(std::min(kStep, count - at));
    if (RAND_priv_bytes(internal::Bytes(bytes) + at, size) != 1) internal::Die("random bytes");
  }
  return bytes;
}

}  // namespace passmint::crypto
