#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/timestamp.h"

// The port to the Apple Push Notification service (APNs), as far as passes need it: a push says
// "look for changed passes of this type" and nothing else, so a push may be repeated, merged or
// lost without harm as long as a later one arrives.
// https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
namespace passmint::push {

// One push to one wallet about all its passes of one type.
struct ApplePush {
  PassTypeIdentifier pass_type;  // Chooses the certificate, and is the apns-topic.
  // As the device sent it when it registered, 64 hex digits today. One that holds anything but
  // [0-9A-Za-z_-], is empty or longer than kApplePushTokenBytesMax is answered kBadToken unsent.
  PushToken push_token;
  // A UUID in canonical form, lower case: "4d6cbb1e-...". Names this push in APNs' answer and in
  // our trace. Empty: APNs chooses one, and the outcome tells it.
  std::string apns_id = {};
  // Until when APNs keeps it for a phone that is off; at or before 1970 means one attempt only.
  Timestamp expires_at = {};
};

inline constexpr std::size_t kApplePushTokenBytesMax = 256;

// What became of a push, as what the caller does next.
struct ApplePushOutcome {
  enum class Kind {
    kAccepted,   // 200: APNs has taken it. Nobody knows whether the phone will get it.
    kGone,       // 410: the device is gone since `gone_since`. Delete it unless it has registered
                 // again after that instant.
    kBadToken,   // This token can never work (malformed, of another pass type). Delete it.
    kThrottled,  // 429: too many pushes for this token. Leave this token alone for minutes; other
                 // tokens may go on.
    kRetry,      // Nothing wrong with the push: 5xx, a broken connection, no answer. The same push
                 // again later, with growing delays; not before `retry_after` if it is there.
    kLaneStopped,  // 403, or a topic that the certificate does not allow: no push of this pass type
                   // can go until somebody acts. Keep push and token, raise an alarm with `detail`.
    kBug,          // APNs calls the request wrong. Do not repeat it; report it.
  };

  Kind kind = Kind::kRetry;
  int status = 0;  // HTTP; 0 if APNs gave no answer.
  // APNs' word, "BadDeviceToken"; ours in the same form if there was no answer: "ConnectionLost",
  // "RequestTimeout", "ConnectFailed", "Stopping", "NoCertificate", "MalformedToken".
  // [0-9A-Za-z], at most 64; may be empty.
  std::string reason = {};
  // For the operator: one phrase with the cure; "" when accepted. No tokens.
  std::string detail = {};
  std::optional<Timestamp> gone_since = {};              // Only with kGone, if APNs said.
  std::optional<std::chrono::seconds> retry_after = {};  // Only if APNs said; at most a day.
  std::string apns_id = {};  // As APNs answered, else as it was asked for.
  bool sent = false;         // Whether it may have reached APNs, and so the phone.
};

// What an operator and the metrics see of one pass type's way to APNs.
struct AppleLane {
  enum class State {
    kIdle,        // No connection, because nothing was to be sent.
    kConnecting,  // Also while waiting to try again; `detail` says what failed before.
    kUp,
    kStopped,  // The circuit is open; `detail` says why. Pushes are answered kLaneStopped at once,
               // but for one that asks again whether the cause is gone.
  };

  PassTypeIdentifier pass_type;
  State state = State::kIdle;
  std::string detail = {};        // One phrase; "" if there is nothing to say.
  std::size_t waiting = 0;        // Taken, not yet sent.
  std::size_t in_flight = 0;      // Sent, not yet answered.
  std::uint64_t accepted = 0;     // Since the process started, as the rest here.
  std::uint64_t refused = 0;      // Answered with anything but 200.
  std::uint64_t unanswered = 0;   // No answer: broken connection, timeout.
  std::uint64_t connections = 0;  // Made; a lane that works has few.
};

// Sends pushes. Implementations: apns/ (HTTP/2), fakes in tests. Safe for concurrent calls.
class ApplePushSender {
 public:
  // Called exactly once for each push taken, on a thread of the sender, in no particular order,
  // never from within TrySend. It must be quick and must not throw: all pushes of its pass type
  // wait for it. It may call TrySend. It is never called after the sender's destructor has
  // returned; pushes that are still unanswered then get kRetry, reason "Stopping".
  using Done = std::function<void(const ApplePushOutcome&)>;

  virtual ~ApplePushSender() = default;

  // Takes `push` and returns at once, before anything is sent. False: this pass type has
  // pushes_max() pushes unanswered already, or the sender stops; nothing was taken, `done` will not
  // be called. There is room again for one push with each Done of this pass type that is called,
  // from within it on. That is the back pressure: keep what was refused and offer it then.
  virtual bool TrySend(const ApplePush& push, Done done) = 0;

  // How many pushes of one pass type may be taken and unanswered.
  virtual std::size_t pushes_max() const = 0;

  // One for each pass type that has a certificate. Cheap; for metrics and readiness.
  virtual std::vector<AppleLane> Lanes() const = 0;
};

}  // namespace passmint::push
