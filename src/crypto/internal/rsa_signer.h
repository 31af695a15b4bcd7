#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/internal/openssl.h"
#include "crypto/private_key.h"

namespace passmint::crypto::internal {

// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2) for one key, at the cost of the bare RSA
// operation. Safe for concurrent calls: each uses a context, with a copy of the key in it, that no
// other call is using, because OpenSSL's blinding is locked per key. Contexts are kept for the next
// call; there are as many as there were calls at once.
class RsaSigner {
 public:
  // Fails with kInvalidArgument if the key is not RSA.
  static Result<RsaSigner> Create(const PrivateKey& key);

  RsaSigner(RsaSigner&& other) noexcept
      : key_(std::move(other.key_)), bytes_(other.bytes_), idle_(std::move(other.idle_)) {}

  // How long a signature is.
  std::size_t signature_bytes() const { return bytes_; }

  // Signs a message by its SHA-256. REQUIRES: `signature` has room for signature_bytes().
  // Fails with kInternal.
  Status SignDigest(std::string_view sha256, unsigned char* signature) const;

 private:
  RsaSigner(PrivateKey key, std::size_t bytes) : key_(std::move(key)), bytes_(bytes) {}

  Result<EvpPkeyCtxPtr> Take() const;
  void GiveBack(EvpPkeyCtxPtr context) const;

  PrivateKey key_;
  std::size_t bytes_;
  mutable std::mutex mutex_;  // Held for a push or a pop only.
  mutable std::vector<EvpPkeyCtxPtr> idle_;
};

}  // namespace passmint::crypto::internal
