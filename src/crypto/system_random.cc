#include "crypto/system_random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "crypto/internal/openssl.h"

namespace passmint::crypto {
namespace {

void Fill(unsigned char* bytes, std::size_t count) {
  // In steps that fit OpenSSL's int.
  constexpr std::size_t kStep = 1 << 20;
  for (std::size_t at = 0; at < count; at += kStep) {
    const int size = static_cast<int>(std::min(kStep, count - at));
    if (RAND_priv_bytes(bytes + at, size) != 1) internal::Die("random bytes");
  }
}

// Bytes drawn ahead, of one thread. A call of the generator costs as much for 8 bytes as for 500,
// and a card needs seven such calls. What was handed out is wiped at once.
class Pool {
 public:
  ~Pool() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  // `count` is at most kPoolBytes.
  void Take(unsigned char* to, std::size_t count) {
    if (bytes_.size() - used_ < count) {
      Fill(bytes_.data(), bytes_.size());
      used_ = 0;
    }
    std::memcpy(to, bytes_.data() + used_, count);
    OPENSSL_cleanse(bytes_.data() + used_, count);
    used_ += count;
  }

  static constexpr std::size_t kPoolBytes = 512;

 private:
  std::array<unsigned char, kPoolBytes> bytes_{};
  std::size_t used_ = kPoolBytes;
};

}  // namespace

std::string SystemRandom::Bytes(std::size_t count) {
  // More than a token is drawn directly.
  constexpr std::size_t kPooledMax = 64;
  std::string bytes(count, '\0');
  if (count > kPooledMax) {
    Fill(internal::Bytes(bytes), count);
    return bytes;
  }
  thread_local Pool pool;
  pool.Take(internal::Bytes(bytes), count);
  return bytes;
}

}  // namespace passmint::crypto
