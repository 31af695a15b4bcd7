#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace passmint::crypto {

inline constexpr std::size_t kMasterKeyBytes = 32;
inline constexpr std::size_t kMasterKeysMax = 64;  // One rotation a quarter for 16 years.
inline constexpr std::size_t kMasterKeyFileBytesMax = 64 * 1024;

// The master keys of a site. The file has one line a key, "key_id:" and 64 hex digits; empty lines
// and lines that begin with # are skipped. The first key is current: new things are made with it.
// The others stay readable, because cards remember the key_id that their token came from.
//
// Every use has a key of its own, derived with HKDF-SHA-256 (RFC 5869) and the purpose as info, so
// that no use can be turned against another. Immutable after Parse; safe for concurrent calls.
class KeyRing {
 public:
  // Fails with kTooLarge, and with kInvalidArgument, reason "bad_master_key", which names the line:
  // no key at all, a key_id that is not [a-z0-9_-]{1,32} or stands twice, not 64 hex digits, or all
  // bytes equal (a forgotten placeholder). The message never repeats what stands there.
  static Result<KeyRing> Parse(const Secret& file_content);

  const std::string& current_key_id() const { return keys_.front().id; }
  std::vector<std::string> key_ids() const;

  // 32 bytes for one purpose. `purpose` names it and its version: "link-preview/1".
  // Fails with kNotFound, reason "unknown_key_id".
  Result<Secret> Derive(std::string_view key_id, std::string_view purpose) const;

  // 32 hex digits that tell keys apart and reveal nothing else: kept in the store, so that a wrong
  // master key is refused at start. Fails with kNotFound, reason "unknown_key_id".
  Result<std::string> Fingerprint(std::string_view key_id) const;

  // Apple's authenticationToken of a pass: 40 lower-case hex digits (160 bits) of HMAC-SHA-256
  // over pass type and serial. Apple wants at least 16 characters and never another one for the
  // life of the pass, so the card stores `key_id`. Fails with kNotFound, reason "unknown_key_id".
  Result<Secret> AuthenticationToken(std::string_view key_id, const PassTypeIdentifier& pass_type,
                                     const SerialNumber& serial) const;

  // 43 characters of base64url: HMAC-SHA-256 over a quote's text under the current key, or the one
  // named. MAC and text travel together; check with ConstantTimeEquals.
  // Fails with kNotFound, reason "unknown_key_id".
  Result<std::string> QuoteMac(std::string_view key_id, std::string_view quote) const;

  // 32 bytes of HMAC-SHA-256 over what a request says, by which the same request is known again;
  // the key is Derive(key_id, "content-fingerprint/1").
  // Fails with kNotFound, reason "unknown_key_id".
  Result<std::string> ContentMac(std::string_view key_id, std::string_view content) const;

 private:
  struct Key {
    std::string id;
    Secret master;
    Secret authentication;  // Derived once, because each pass or request asks.
    Secret quote;
    Secret content;
    std::string fingerprint;
  };

  KeyRing() = default;
  static Result<Key> ParseLine(std::string_view line, std::size_t number);
  const Key* Find(std::string_view key_id) const;

  std::vector<Key> keys_;  // Never empty. In the order of the file.
};

// A fresh line for the file: "key_id:hex" and a line feed. REQUIRES: a key_id that Parse accepts.
Secret MakeMasterKeyLine(std::string_view key_id, Random& random);

// What the store keeps of an API key: 64 hex digits. A plain SHA-256 with our prefix, because API
// keys are random with at least 128 bits, so there is nothing to guess slowly, and because they
// must outlive a master key.
std::string HashApiKey(const Secret& api_key);

}  // namespace passmint::crypto
