#pragma once

// What Google tells a class's callback address when a customer saves or deletes a card: who sent it
// is proved by signatures alone (protocol ECv2SigningOnly). Pure.
//
// https://developers.google.com/wallet/generic/use-cases/use-callbacks-for-saves-and-deletions, and
// PaymentMethodTokenRecipient of tink-crypto/tink-java-apps for how strict to be.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::google {

inline constexpr std::size_t kCallbackBytesMax = 16 * 1024;   // A real one has 0.9 kB.
inline constexpr std::size_t kRootKeysBytesMax = 256 * 1024;  // Some keys of 0.2 kB each.
inline constexpr std::size_t kNonceBytesMax = 128;            // A UUID has 36.

// A key of Google's that signs intermediate keys.
struct RootKey {
  std::string spki;  // DER, P-256.
  Timestamp expires_at;
};

// The keys of this protocol out of Google's list (https://pay.google.com/gp/m/issuer/keys). Keys of
// other protocols, without an expiry, and on other curves are left out, expired ones too.
// Fails with kTooLarge and kInvalidSyntax if it is no such list, and with kUnavailable if no key is
// left: whoever had keys before keeps them.
Result<std::vector<RootKey>> ParseRootKeys(std::string_view body, Timestamp now);

// Where the keys come from. Implementations: google_rest/, fakes in tests. Safe for concurrent
// calls.
class RootKeySource {
 public:
  virtual ~RootKeySource() = default;

  // What is known now, at once: a forged message must not make us ask Google. Empty: none yet.
  virtual std::vector<RootKey> Keys() const = 0;
};

enum class CallbackEvent { kSave, kDelete };

// A message that Google signed for us.
struct Callback {
  ClassId class_id;
  ObjectId object_id;
  CallbackEvent event = CallbackEvent::kSave;
  std::string nonce;     // [!-~], 1 to kNonceBytesMax. Unique to the message, not to the delivery.
  Timestamp expires_at;  // Invalid afterwards, so the nonce need not be remembered for longer.
};

// Reads and verifies one body. `issuer` is the recipient, from the settings and never from the
// message; both ids are then known to be the issuer's. That the nonce is new is for the caller to
// see to.
//
// Fails with kTooLarge and kInvalidSyntax if it is no callback, and with kUnauthenticated if a
// signature, a key, an expiry or the issuer is wrong. Messages are for our log: who sent it is told
// nothing.
Result<Callback> VerifyCallback(std::string_view body, const std::vector<RootKey>& root_keys,
                                const IssuerId& issuer, Timestamp now);

}  // namespace passmint::google
