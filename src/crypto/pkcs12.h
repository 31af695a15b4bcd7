#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/certificate.h"
#include "crypto/private_key.h"

namespace passmint::crypto {

inline constexpr std::size_t kPkcs12BytesMax = 256 * 1024;

struct Pkcs12Contents {
  PrivateKey key;
  Certificate certificate;          // The one that belongs to the key.
  std::vector<Certificate> others;  // Intermediates that came along, in no order.
};

// Opens a .p12 (RFC 7292), also as Keychain exports it: RC2-40 and 3DES, for which OpenSSL's legacy
// provider is loaded into a library context that ends with the call. Nothing else in the process
// can use those ciphers.
// Fails with kTooLarge, and with kInvalidArgument and reason
//   "bad_pkcs12"           not a PKCS#12 file, damaged, or no key with its certificate inside,
//   "wrong_passphrase"     the file is whole as far as can be told, but the password is wrong,
// and with kUnavailable and reason
//   "no_legacy_provider"   the file needs RC2 and this machine's OpenSSL lacks legacy.so.
Result<Pkcs12Contents> ParsePkcs12(std::string_view der, const Secret& password);

}  // namespace passmint::crypto
