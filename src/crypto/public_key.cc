#include "crypto/public_key.h"

#include <openssl/ec.h>

#include <memory>

#include "crypto/ecdsa.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/private_key_rep.h"

namespace passmint::crypto {
namespace {

using internal::Bytes;

// 91 bytes uncompressed; anything much longer is none.
constexpr std::size_t kDerBytesMax = 1024;
constexpr int kP256Bits = 256;

using Key = std::unique_ptr<EVP_PKEY, internal::FreeWith<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, internal::FreeWith<EVP_PKEY_CTX_free>>;

bool IsOnCurve(EVP_PKEY* key) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return context != nullptr && EVP_PKEY_public_check(context.get()) == 1;
}

// Null if it is anything else.
Key ReadP256(std::string_view der) {
  if (der.size() > kDerBytesMax) return nullptr;
  const auto* const begin = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* at = begin;
  Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  char group[32] = {};
  std::size_t length = 0;
  const bool fits = key != nullptr && at == begin + der.size() &&
                    EVP_PKEY_get_group_name(key.get(), group, sizeof group, &length) == 1 &&
                    std::string_view(group) == SN_X9_62_prime256v1 && IsOnCurve(key.get());
  ERR_clear_error();
  if (!fits) return nullptr;
  return key;
}

}  // namespace

bool IsP256PublicKey(std::string_view der) { return ReadP256(der) != nullptr; }

bool VerifyP256(std::string_view spki_der, std::string_view message,
                std::string_view signature_der) {
  const Key key = ReadP256(spki_der);
  if (key == nullptr) return false;
  const internal::EvpMdCtxPtr context(EVP_MD_CTX_new());
  const bool verified =
      context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), Bytes(signature_der), signature_der.size(), Bytes(message),
                       message.size()) == 1;
  ERR_clear_error();
  return verified;
}

Result<std::string> SignP256(const PrivateKey& key, std::string_view message) {
  if (key.kind() != KeyKind::kEc || key.bits() != kP256Bits) {
    return Error{.code = ErrorCode::kInvalidArgument, .message = "the key is not on P-256"};
  }
  constexpr std::size_t kSignatureBytesMax = 72;  // Two integers of 33 bytes and three headers.
  std::string signature(kSignatureBytesMax, '\0');
  std::size_t size = signature.size();
  const internal::EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, internal::Handle(key)) !=
          1 ||
      EVP_DigestSign(context.get(), Bytes(signature), &size, Bytes(message), message.size()) != 1) {
    return internal::OpenSslFailure("sign with P-256");
  }
  signature.resize(size);
  return signature;
}

}  // namespace passmint::crypto
