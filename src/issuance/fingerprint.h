#pragma once

#include <string>
#include <string_view>

#include "crypto/master_key.h"

namespace passmint::issuance {

// Says whether two requests had the same content without keeping the content: "key_id:" and 64 hex
// digits of HMAC-SHA-256. Keyed, because what is hashed holds phone numbers, which a plain hash
// would give away.
std::string Fingerprint(const crypto::KeyRing& keys, std::string_view content);

// True if `stored` was made from the same content, under whichever key was current then. False if
// that key is gone.
bool MatchesFingerprint(const crypto::KeyRing& keys, std::string_view stored,
                        std::string_view content);

}  // namespace passmint::issuance
