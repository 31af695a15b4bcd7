#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/private_key.h"

namespace passmint::crypto {

// A certificate signing request (PKCS#10, RFC 2986) as PEM, to be uploaded at
// https://developer.apple.com/account/resources/certificates: what Keychain Access makes on a Mac.
// Apple ignores the names and puts its own into the certificate; only the key counts, RSA of 2048
// bits.
// Fails with kInvalidArgument if `common_name` is not 1 to 64 printable characters, `email` (may be
// empty) is not ASCII of up to 128 characters with an @, or the key cannot sign with SHA-256.
Result<std::string> MakeCsr(const PrivateKey& key, std::string_view common_name,
                            std::string_view email);

}  // namespace passmint::crypto
