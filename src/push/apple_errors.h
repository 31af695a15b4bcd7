#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "push/apple_push.h"

// APNs' answers as outcomes: the table "Handling notification responses from APNs",
// https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
// A reason that is not in the table counts by its status: 403 stops the lane, 410 is a device that
// is gone, 429 a token that is pushed too often, any other 4xx is permanent (kBug), and all else is
// transient (kRetry).
namespace passmint::push {

inline constexpr std::size_t kAppleAnswerBytesMax = 4096;  // Apple's answers have under 100 bytes.

// What APNs answered. The views live as long as their owner.
struct AppleAnswer {
  int status = 0;
  std::string_view body = {};         // {"reason": "...", "timestamp": ms}; empty with 200.
  std::string_view apns_id = {};      // Header; may be empty.
  std::string_view retry_after = {};  // Header; may be empty.
};

// What to do with a push that was answered so. Never fails: what cannot be read of a body or header
// counts as absent, and nothing of the answer but a reason of [0-9A-Za-z] and a UUID's characters
// is passed on. `retry-after` counts as seconds only, at most a day; a date is as if absent.
ApplePushOutcome OutcomeOf(const AppleAnswer& answer);

// The row of the table. `reason` may be unknown or empty.
ApplePushOutcome::Kind KindOf(int status, std::string_view reason);

// Whether the connection that gave this answer is not to be used for further pushes.
bool EndsConnection(int status, std::string_view reason);

// Whether this reason, wherever it stands, is one for kLaneStopped: GOAWAY has no status.
bool StopsLane(std::string_view reason);

// The reason in the JSON of an answer or of GOAWAY's debug data; "" if there is none.
std::string ReasonIn(std::string_view body);

// Whether a token may become part of a request's path: see ApplePush::push_token.
bool IsSendable(const PushToken& token);

// "accepted", "gone", "bad_token", "throttled", "retry", "lane_stopped", "bug": for logs, metrics
// and the database.
std::string_view ToString(ApplePushOutcome::Kind kind);

}  // namespace passmint::push
