#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/certificate.h"

namespace passmint::crypto {

namespace internal {
struct PrivateKeyRep;
}

inline constexpr std::size_t kPrivateKeyFileBytesMax = 64 * 1024;  // RSA-8192 in PEM has 6.4 kB.

// A private key. It cannot be printed; copies share the key. Safe for concurrent use.
class PrivateKey {
 public:
  KeyKind kind() const;
  int bits() const;

  // Whether the public half is the one in `certificate`.
  bool Matches(const Certificate& certificate) const;

  // Unencrypted PKCS#8 PEM, to be written into a file that only we may read.
  Secret ToPem() const;
  // SubjectPublicKeyInfo as PEM. Not a secret.
  std::string PublicKeyPem() const;

  // For this module's own sources.
  explicit PrivateKey(std::shared_ptr<const internal::PrivateKeyRep> rep);
  const internal::PrivateKeyRep& rep() const { return *rep_; }

 private:
  std::shared_ptr<const internal::PrivateKeyRep> rep_;  // Never null.
};

// Reads exactly one key: PEM (PKCS#8, encrypted PKCS#8, "RSA PRIVATE KEY", "EC PRIVATE KEY"; other
// blocks are skipped) or DER. Never asks on the terminal: a key that needs a passphrase fails when
// `passphrase` is empty. RSA below 2048 bits is refused, and above 8192 (a denial of service).
// Fails with kTooLarge, and with kInvalidArgument and reason
//   "passphrase_needed"   it is encrypted and `passphrase` is empty,
//   "wrong_passphrase"    `passphrase` does not open it,
//   "bad_private_key"     no key, several, broken, or too small; the hint says what it seems to be.
Result<PrivateKey> ParsePrivateKey(std::string_view pem_or_der, const Secret& passphrase);

// Fresh keys from OpenSSL's generator. RSA-2048 takes 50 to 500 ms. Fail with kInternal only.
Result<PrivateKey> GenerateRsa2048();
Result<PrivateKey> GenerateEcP256();
Result<PrivateKey> GenerateEd25519();

// Ed25519 (RFC 8032), for what we sign for ourselves: the ledger's checkpoints. 64 raw bytes.
// Fails with kInvalidArgument if the key is of another kind.
Result<std::string> SignEd25519(const PrivateKey& key, std::string_view message);

// `public_key_pem` as from PublicKeyPem. Fails with kInvalidArgument if it is no Ed25519 key; a
// signature that does not fit is the answer false.
Result<bool> VerifyEd25519(std::string_view public_key_pem, std::string_view message,
                           std::string_view signature);

}  // namespace passmint::crypto
