#include "crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <cassert>

#include "base/bytes.h"
#include "crypto/internal/openssl.h"

namespace passmint::crypto {
namespace {

using internal::Bytes;
using internal::Die;

using MacContext = std::unique_ptr<EVP_MAC_CTX, internal::FreeWith<EVP_MAC_CTX_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, internal::FreeWith<EVP_KDF_CTX_free>>;

// Fetched once: looking an algorithm up by name costs more than hashing a manifest. Never freed,
// because threads may hash until the very end.
const EVP_MD* Fetched(const char* name) {
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  if (algorithm == nullptr) Die("fetch a digest");
  return algorithm;
}

std::string Digest(const EVP_MD* algorithm, std::size_t size, std::string_view bytes) {
  thread_local const internal::EvpMdCtxPtr context(EVP_MD_CTX_new());
  std::string digest(size, '\0');
  if (!context || EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), Bytes(digest), nullptr) != 1) {
    Die("hash");
  }
  return digest;
}

OSSL_PARAM TextParam(const char* key, const char* text) {
  return OSSL_PARAM_construct_utf8_string(key, const_cast<char*>(text), 0);
}

// OpenSSL only reads what it is given here, but its type serves both directions.
OSSL_PARAM BytesParam(const char* key, std::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(key, const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace

std::string Sha1(std::string_view bytes) {
  static const EVP_MD* const algorithm = Fetched("SHA1");
  return Digest(algorithm, kSha1Bytes, bytes);
}

std::string Sha1Hex(std::string_view bytes) { return ToHex(Sha1(bytes)); }

std::string Sha256(std::string_view bytes) {
  static const EVP_MD* const algorithm = Fetched("SHA256");
  return Digest(algorithm, kSha256Bytes, bytes);
}

std::string Sha256Hex(std::string_view bytes) { return ToHex(Sha256(bytes)); }

std::string HmacSha256(const Secret& key, std::string_view data) {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  const std::array<OSSL_PARAM, 2> parameters = {TextParam(OSSL_MAC_PARAM_DIGEST, "SHA256"),
                                                OSSL_PARAM_construct_end()};
  const std::string& key_bytes = key.RevealForSerialization();
  const MacContext context(EVP_MAC_CTX_new(algorithm));
  std::string mac(kSha256Bytes, '\0');
  std::size_t size = 0;
  // The key pointer of an empty key must not be null: null means "the key set before".
  if (!context ||
      EVP_MAC_init(context.get(), Bytes(key_bytes), key_bytes.size(), parameters.data()) != 1 ||
      EVP_MAC_update(context.get(), Bytes(data), data.size()) != 1 ||
      EVP_MAC_final(context.get(), Bytes(mac), &size, mac.size()) != 1 || size != mac.size()) {
    Die("compute an HMAC");
  }
  return mac;
}

Secret HkdfSha256(const Secret& key, std::string_view salt, std::string_view info,
                  std::size_t length) {
  assert(length >= 1 && length <= 255 * kSha256Bytes);
  static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  const std::array<OSSL_PARAM, 5> parameters = {
      TextParam(OSSL_KDF_PARAM_DIGEST, "SHA256"),
      BytesParam(OSSL_KDF_PARAM_KEY, key.RevealForSerialization()),
      BytesParam(OSSL_KDF_PARAM_SALT, salt.empty() ? std::string_view("") : salt),
      BytesParam(OSSL_KDF_PARAM_INFO, info.empty() ? std::string_view("") : info),
      OSSL_PARAM_construct_end()};
  const KdfContext context(EVP_KDF_CTX_new(algorithm));
  std::string derived(length, '\0');
  if (!context ||
      EVP_KDF_derive(context.get(), Bytes(derived), derived.size(), parameters.data()) != 1) {
    Die("derive a key");
  }
  return Secret(std::move(derived));
}

bool ConstantTimeEquals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace passmint::crypto
