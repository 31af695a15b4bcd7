#pragma once

#include <cstddef>
#include <string_view>

#include "google/wallet_api.h"

// Google's answers as outcomes. Google documents exceptions, not what tells them apart on the wire
// (https://developers.google.com/wallet/generic/resources/error-codes), so three things count: the
// status, the reason ("resourceNotFound"), and words of the message where the reason is missing.
namespace passmint::google {

inline constexpr std::size_t kWalletAnswerBytesMax = 1024 * 1024;  // Objects have some kB.

// The views live as long as their owner.
struct WalletAnswer {
  int status = 0;
  std::string_view body = {};
  std::string_view retry_after = {};  // Header; may be empty.
};

// Never fails: what cannot be read of a body or header counts as absent. Of a refusal nothing but
// its reason and the first 200 printable characters of its message is passed on. An answer of 2xx
// that is no JSON object is kRetry: somebody in between has answered. Retry-After counts as seconds
// only, at most a day.
WalletOutcome OutcomeOf(WalletCall call, const WalletAnswer& answer);

// The row of the table. `reason` and `message` may be empty.
WalletOutcome::Kind KindOf(WalletCall call, int status, std::string_view reason,
                           std::string_view message);

// Whether it says more about Google than about this request: what follows would fare alike.
bool IsTrouble(WalletOutcome::Kind kind);

// No answer: `reason` as in WalletOutcome::reason.
WalletOutcome NoAnswer(std::string_view reason, std::string_view detail);

// "done", "exists", "no_object", ...: for logs and metrics.
std::string_view ToString(WalletOutcome::Kind kind);

}  // namespace passmint::google
