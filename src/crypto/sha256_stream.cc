#include "crypto/sha256_stream.h"

#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>

#include "crypto/digest.h"

namespace passmint::crypto {
namespace internal {

struct DigestContext {
  EVP_MD_CTX* const md = EVP_MD_CTX_new();

  DigestContext() = default;
  DigestContext(const DigestContext&) = delete;
  DigestContext& operator=(const DigestContext&) = delete;
  ~DigestContext() { EVP_MD_CTX_free(md); }
};

}  // namespace internal
namespace {

void Require(int succeeded) {
  if (succeeded == 1) return;
  std::fputs("passmint: OpenSSL cannot compute SHA-256\n", stderr);
  std::abort();
}

}  // namespace

Sha256Stream::Sha256Stream() : context_(std::make_unique<internal::DigestContext>()) {
  Require(context_->md != nullptr ? 1 : 0);
  Require(EVP_DigestInit_ex(context_->md, EVP_sha256(), nullptr));
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Add(std::string_view bytes) {
  Require(EVP_DigestUpdate(context_->md, bytes.data(), bytes.size()));
}

std::string Sha256Stream::Finish() {
  unsigned char digest[kSha256Bytes] = {};
  Require(EVP_DigestFinal_ex(context_->md, digest, nullptr));
  return std::string(digest, digest + kSha256Bytes);
}

}  // namespace passmint::crypto
