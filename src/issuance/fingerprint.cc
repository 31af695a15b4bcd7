#include "issuance/fingerprint.h"

#include "base/bytes.h"
#include "crypto/digest.h"

namespace passmint::issuance {
namespace {

std::string Make(const crypto::KeyRing& keys, std::string_view key_id, std::string_view content) {
  const auto mac = keys.ContentMac(key_id, content);
  if (!mac.ok()) return {};
  return std::string(key_id) + ":" + ToHex(mac.value());
}

}  // namespace

std::string Fingerprint(const crypto::KeyRing& keys, std::string_view content) {
  return Make(keys, keys.current_key_id(), content);
}

bool MatchesFingerprint(const crypto::KeyRing& keys, std::string_view stored,
                        std::string_view content) {
  const std::string again = Make(keys, stored.substr(0, stored.find(':')), content);
  return !again.empty() && crypto::ConstantTimeEquals(again, stored);
}

}  // namespace passmint::issuance
