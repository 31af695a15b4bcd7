#pragma once

#include <string_view>

namespace passmint::crypto {

// Whether `der` is exactly one SubjectPublicKeyInfo (RFC 5480) of a point on the curve P-256,
// compressed or not: what Apple wants of pass.json's nfc.encryptionPublicKey. Safe for concurrent
// calls.
bool IsP256PublicKey(std::string_view der);

}  // namespace passmint::crypto
