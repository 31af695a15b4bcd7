#pragma once

// Hashes and what is built from them. All functions are safe for concurrent calls and never fail:
// should OpenSSL itself break (no memory, no default provider), the process ends with a message.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace passmint::crypto {

inline constexpr std::size_t kSha1Bytes = 20;
inline constexpr std::size_t kSha256Bytes = 32;

// SHA-1 (FIPS 180-4): only because manifest.json wants it (Apple, "Create the manifest"); what
// protects a pass is the signature over the manifest. Raw bytes, or 40 lower-case hex digits.
std::string Sha1(std::string_view bytes);
std::string Sha1Hex(std::string_view bytes);

// SHA-256 (FIPS 180-4): raw bytes, or 64 lower-case hex digits.
std::string Sha256(std::string_view bytes);
std::string Sha256Hex(std::string_view bytes);

// HMAC with SHA-256 (RFC 2104): 32 raw bytes.
std::string HmacSha256(const Secret& key, std::string_view data);

// HKDF with SHA-256, extract and expand (RFC 5869). `info` names the purpose, so that keys for
// different purposes are independent. REQUIRES: `key` is not empty, 1 <= length <= 8160 (RFC 5869
// section 2.3).
Secret HkdfSha256(const Secret& key, std::string_view salt, std::string_view info,
                  std::size_t length);

// Takes the same time wherever the first difference is. The lengths are not hidden.
bool ConstantTimeEquals(std::string_view a, std::string_view b);

}  // namespace passmint::crypto
