#pragma once

// The port to the Google Wallet API (https://developers.google.com/wallet/reference/rest/v1), as
// far as cards need it. Every call may be repeated but addMessage: ids are ours, so an insert that
// was done before is answered "exists", and a patch carries values and no differences.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "google/vertical.h"
#include "json/json.h"

namespace passmint::google {

enum class WalletCall {
  kInsertClass,
  kPatchClass,
  kInsertObject,
  kPatchObject,
  kGetObject,
  kAddMessage,  // To an object. Not to be repeated without looking: ids of messages may repeat.
};

struct WalletRequest {
  WalletCall call = WalletCall::kGetObject;
  Vertical vertical = Vertical::kLoyalty;
  std::string id;  // Of the class or object: MakeClassId, MakeObjectId.
  Json body = {};  // The resource, or its changed members; {"message": ...}; null to get.
};

// What became of a request, as what the caller does next.
struct WalletOutcome {
  enum class Kind {
    kDone,               // 2xx.
    kExists,             // 409 to an insert: somebody did it before. Patch.
    kNoObject,           // 404: insert it.
    kNoClass,            // 404: insert its class first.
    kNotificationLimit,  // 403: Google notifies no more today. The same without notifying.
    kThrottled,          // 429, or 403 about the rate: later, not before `retry_after`.
    kRetry,              // 5xx, no answer, a broken one: the same again later, with growing delays.
    kStopped,  // 401 or 403: the account may not do this until somebody acts. Raise an alarm with
               // `detail`; nothing of this programme will work.
    kRefused,  // 400 and the rest: Google calls the request wrong. Do not repeat it as it is.
  };

  Kind kind = Kind::kRetry;
  int status = 0;  // HTTP; 0 if there was no answer.
  // Google's word, "classNotFound"; ours if there was no answer: "Timeout", "ConnectFailed",
  // "ConnectionLost", "Stopping". [0-9A-Za-z], at most 64; may be empty.
  std::string reason = {};
  std::string detail = {};  // For the operator: one phrase with the cure; "" when done.
  std::optional<std::chrono::seconds> retry_after = {};  // Only if Google said; at most a day.
  Json body = {};                                        // The resource, if kDone; else null.

  bool done() const { return kind == Kind::kDone; }
};

// No more requests in one batch; Google documents no limit.
inline constexpr std::size_t kBatchMax = 50;

// Implementations: google_rest/, fakes in tests. Safe for concurrent calls; each blocks its caller.
class WalletApi {
 public:
  virtual ~WalletApi() = default;

  // Does one request for a programme with a Google account. Takes at most `time`, the access token
  // that it may need first included; then the outcome is kRetry, and Google may or may not have
  // done it.
  virtual WalletOutcome Call(const ProgrammeId& programme, const WalletRequest& request,
                             std::chrono::milliseconds time) = 0;

  // The same of several, in one HTTP request: outcomes in the order of `requests`. They are done in
  // any order or not at all, each for itself.
  // REQUIRES: 1 to kBatchMax requests.
  virtual std::vector<WalletOutcome> CallAll(const ProgrammeId& programme,
                                             const std::vector<WalletRequest>& requests,
                                             std::chrono::milliseconds time) = 0;
};

}  // namespace passmint::google
