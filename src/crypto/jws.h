#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/private_key.h"

namespace passmint::crypto {

// Makes compact JWS (RFC 7515) with RS256 for one key, as Google wants them. Make it once per
// service account. Safe for concurrent calls.
class Rs256Signer {
 public:
  // The header is {"alg":"RS256","typ":"JWT"}, with "kid" last if `key_id` is not empty. Google
  // accepts both; without it a link is 66 characters shorter.
  // Fails with kInvalidArgument if the key is not RSA, or `key_id` is not [A-Za-z0-9._-]{0,128}.
  static Result<Rs256Signer> Create(const PrivateKey& key, std::string_view key_id = "");

  Rs256Signer(Rs256Signer&&) noexcept;
  Rs256Signer& operator=(Rs256Signer&&) noexcept;
  Rs256Signer(const Rs256Signer&) = delete;
  Rs256Signer& operator=(const Rs256Signer&) = delete;
  ~Rs256Signer();

  // header.claims.signature, each base64url without padding. `claims_json` is signed as it is.
  // Fails with kInternal if OpenSSL does.
  Result<std::string> Sign(std::string_view claims_json) const;

  // How long Sign's answer is for claims of `claims_bytes` bytes. Google's links end at 1,800.
  std::size_t SignedLength(std::size_t claims_bytes) const;

 private:
  struct Rep;
  explicit Rs256Signer(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

// The claims of a JWS that Rs256Signer made and `public_key_pem` verifies, as JSON text. Strict:
// our header only (with or without kid). Time claims are not looked at.
// Fails with kInvalidArgument on a key that is not RSA, with kUnauthenticated on everything else.
Result<std::string> VerifyRs256(std::string_view jws, std::string_view public_key_pem);

}  // namespace passmint::crypto
