#pragma once

#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "crypto/private_key.h"
#include "json/json.h"

namespace passmint::simulate {

// What tests make wrong on purpose.
enum class CallbackFlaw {
  kNone,
  kExpired,         // The message.
  kWrongRecipient,  // Meant for another issuer.
  kUnknownRoot,     // Signed by who is not Google.
};

// Google's half of ECv2SigningOnly: a root key, an intermediate key that it signed, messages. See
// google/callback.h for the other half.
class CallbackSigner {
 public:
  // Fresh keys. Fails with kInternal only.
  static Result<CallbackSigner> Create(Timestamp now);

  // What Google serves at keys_url.
  Json RootKeys() const;

  // The body of a callback. `event` is "save" or "del". Fails with kInternal only.
  Result<std::string> Sign(const std::string& issuer, const std::string& class_id,
                           const std::string& object_id, const std::string& event,
                           const std::string& nonce, Timestamp now, CallbackFlaw flaw) const;

 private:
  CallbackSigner(crypto::PrivateKey root, crypto::PrivateKey stranger,
                 crypto::PrivateKey intermediate, Timestamp expires_at);

  crypto::PrivateKey root_;
  crypto::PrivateKey stranger_;
  crypto::PrivateKey intermediate_;
  Timestamp expires_at_;
};

}  // namespace passmint::simulate
