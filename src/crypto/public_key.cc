#include "crypto/public_key.h"

#include <openssl/ec.h>

#include <memory>

#include "crypto/internal/openssl.h"

namespace passmint::crypto {
namespace {

// 91 bytes uncompressed; anything much longer is none.
constexpr std::size_t kDerBytesMax = 1024;

using Key = std::unique_ptr<EVP_PKEY, internal::FreeWith<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, internal::FreeWith<EVP_PKEY_CTX_free>>;

bool IsOnCurve(EVP_PKEY* key) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return context != nullptr && EVP_PKEY_public_check(context.get()) == 1;
}

}  // namespace

bool IsP256PublicKey(std::string_view der) {
  if (der.size() > kDerBytesMax) return false;
  const auto* const begin = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* at = begin;
  const Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  char group[32] = {};
  std::size_t length = 0;
  const bool fits = key != nullptr && at == begin + der.size() &&
                    EVP_PKEY_get_group_name(key.get(), group, sizeof group, &length) == 1 &&
                    std::string_view(group) == SN_X9_62_prime256v1 && IsOnCurve(key.get());
  ERR_clear_error();
  return fits;
}

}  // namespace passmint::crypto
