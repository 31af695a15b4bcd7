#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/private_key.h"

namespace passmint::crypto {

// ECDSA on P-256 over SHA-256 (FIPS 186-5) with signatures in DER (RFC 3279 section 2.2.3), as
// Google signs its callbacks. Safe for concurrent calls.

// Whether `signature_der` is the signature of `message` under the SubjectPublicKeyInfo `spki_der`.
// False too for a key that IsP256PublicKey would refuse and for a signature that is none.
bool VerifyP256(std::string_view spki_der, std::string_view message,
                std::string_view signature_der);

// Fails with kInvalidArgument if `key` is not on P-256, with kInternal if OpenSSL does.
Result<std::string> SignP256(const PrivateKey& key, std::string_view message);

}  // namespace passmint::crypto
