#include "crypto/master_key.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/bytes.h"
#include "crypto/digest.h"

namespace passmint::crypto {
namespace {

// Purposes are part of what is stored for ever (tokens in phones): never change one.
constexpr std::string_view kSalt = "passmint";
constexpr std::string_view kAuthenticationPurpose = "apple-authentication-token/1";
constexpr std::string_view kQuotePurpose = "quote/1";
constexpr std::string_view kContentPurpose = "content-fingerprint/1";
constexpr std::string_view kFingerprintPurpose = "fingerprint/1";
constexpr std::string_view kApiKeyPrefix = "passmint-api-key/1:";

constexpr std::size_t kAuthenticationTokenBytes = 20;
constexpr std::size_t kFingerprintBytes = 16;

bool IsKeyId(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Error BadLine(std::size_t line, std::string what) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = "master key file, line " + std::to_string(line) + ": " + std::move(what),
          .reason = "bad_master_key",
          .hint = "a line is a name, a colon and 64 hex digits; passmint init makes one"};
}

Error UnknownKeyId(std::string_view key_id) {
  return {.code = ErrorCode::kNotFound,
          .message = "no master key named " + std::string(key_id),
          .reason = "unknown_key_id",
          .hint = "keep old lines in the master key file: cards made with them need them"};
}

// Each part with its length before it, so that no two lists of parts give the same bytes.
std::string JoinWithLengths(std::string_view first, std::string_view second) {
  std::string joined;
  for (const std::string_view part : {first, second}) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      joined += static_cast<char>(part.size() >> shift & 0xff);
    }
    joined += part;
  }
  return joined;
}

Secret DeriveFrom(const Secret& master, std::string_view purpose) {
  return HkdfSha256(master, kSalt, purpose, kMasterKeyBytes);
}

// For purposes with names of their own, apart from the fixed ones above.
Secret DeriveNamed(const Secret& master, std::string_view purpose) {
  return DeriveFrom(master, "derived:" + std::string(purpose));
}

std::string_view Trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

Result<KeyRing> KeyRing::Parse(const Secret& file_content) {
  const std::string_view text = file_content.RevealForSerialization();
  if (text.size() > kMasterKeyFileBytesMax) {
    return Error{.code = ErrorCode::kTooLarge, .message = "too large for a master key file"};
  }
  KeyRing ring;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = Trimmed(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    Result<Key> key = ParseLine(line, number);
    if (!key.ok()) return std::move(key).error();
    if (ring.Find(key.value().id) != nullptr) return BadLine(number, "this name stands twice");
    if (ring.keys_.size() == kMasterKeysMax) return BadLine(number, "too many keys");
    ring.keys_.push_back(std::move(key).value());
  }
  if (ring.keys_.empty()) return BadLine(number, "no key in the file");
  return ring;
}

Result<KeyRing::Key> KeyRing::ParseLine(std::string_view line, std::size_t number) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsKeyId(line.substr(0, colon))) {
    return BadLine(number, "no name of 1 to 32 of [a-z0-9_-] before a colon");
  }
  Result<std::string> bytes = FromHex(Trimmed(line.substr(colon + 1)));
  if (!bytes.ok() || bytes.value().size() != kMasterKeyBytes) {
    return BadLine(number, "not 64 hex digits after the colon");
  }
  Secret master(std::move(bytes).value());
  const std::string& revealed = master.RevealForSerialization();
  if (revealed.find_first_not_of(revealed.front()) == std::string::npos) {
    return BadLine(number, "all bytes are the same: a placeholder, not a key");
  }
  Secret authentication = DeriveFrom(master, kAuthenticationPurpose);
  Secret quote = DeriveFrom(master, kQuotePurpose);
  Secret content = DeriveNamed(master, kContentPurpose);
  std::string fingerprint = ToHex(DeriveFrom(master, kFingerprintPurpose)
                                      .RevealForSerialization()
                                      .substr(0, kFingerprintBytes));
  return Key{.id = std::string(line.substr(0, colon)),
             .master = std::move(master),
             .authentication = std::move(authentication),
             .quote = std::move(quote),
             .content = std::move(content),
             .fingerprint = std::move(fingerprint)};
}

std::vector<std::string> KeyRing::key_ids() const {
  std::vector<std::string> ids;
  for (const Key& key : keys_) ids.push_back(key.id);
  return ids;
}

const KeyRing::Key* KeyRing::Find(std::string_view key_id) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [key_id](const Key& key) { return key.id == key_id; });
  return found == keys_.end() ? nullptr : &*found;
}

Result<Secret> KeyRing::Derive(std::string_view key_id, std::string_view purpose) const {
  const Key* key = Find(key_id);
  if (key == nullptr) return UnknownKeyId(key_id);
  return DeriveNamed(key->master, purpose);
}

Result<std::string> KeyRing::Fingerprint(std::string_view key_id) const {
  const Key* key = Find(key_id);
  if (key == nullptr) return UnknownKeyId(key_id);
  return key->fingerprint;
}

Result<Secret> KeyRing::AuthenticationToken(std::string_view key_id,
                                            const PassTypeIdentifier& pass_type,
                                            const SerialNumber& serial) const {
  const Key* key = Find(key_id);
  if (key == nullptr) return UnknownKeyId(key_id);
  std::string mac = HmacSha256(key->authentication, JoinWithLengths(pass_type.str(), serial.str()));
  return Secret(ToHex(std::string_view(mac).substr(0, kAuthenticationTokenBytes)));
}

Result<std::string> KeyRing::QuoteMac(std::string_view key_id, std::string_view quote) const {
  const Key* key = Find(key_id);
  if (key == nullptr) return UnknownKeyId(key_id);
  return ToBase64Url(HmacSha256(key->quote, quote));
}

Result<std::string> KeyRing::ContentMac(std::string_view key_id, std::string_view content) const {
  const Key* key = Find(key_id);
  if (key == nullptr) return UnknownKeyId(key_id);
  return HmacSha256(key->content, content);
}

Secret MakeMasterKeyLine(std::string_view key_id, Random& random) {
  assert(IsKeyId(key_id));
  const Secret bytes(random.Bytes(kMasterKeyBytes));
  return Secret(std::string(key_id) + ":" + ToHex(bytes.RevealForSerialization()) + "\n");
}

std::string HashApiKey(const Secret& api_key) {
  const Secret prefixed(std::string(kApiKeyPrefix) + api_key.RevealForSerialization());
  return Sha256Hex(prefixed.RevealForSerialization());
}

}  // namespace passmint::crypto
