#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// How long an answer stands for its key (contract/api.md section 1: tills go offline for days).
inline constexpr std::chrono::days kAnswerKept{30};

// A POST with its key and what makes two of them the same.
struct KeyedRequest {
  std::string scope;  // Programme, method and path.
  IdempotencyKey key;
  std::string content;  // The request's body, byte for byte.
  // FindReplay has just found nothing: RunOnce need not look again before the work. Should somebody
  // be first all the same, it finds out when it stores the answer, and then looks.
  bool looked = false;
};

struct Answer {
  int status = 0;
  std::string body;
  std::optional<MemberId> about;  // Whose data the body holds: it goes when the member is erased.
  bool replayed = false;          // Not the work of this call.
};

// The stored answer of a key, or nothing: to be asked before a request is looked at, since what it
// asks for may not make sense a second time. Fails as RunOnce.
Result<std::optional<Answer>> FindReplay(const Store& store, const Site& site,
                                         const KeyedRequest& request);

// Runs `work` in a write transaction, and stores the answer in that transaction: what it writes is
// kept at most once for a key. The same key again gives the first status and body; `work` is not
// run, or its writes are undone.
//
// `work` returns an answer to be committed with its writes, or an Error. `refusal` turns an Error
// that depends on state (kConflict, kInvalidArgument, kNotFound, kGone) into an answer, which is
// stored too, in a transaction of its own, since the work's writes are gone. Other errors are
// returned and store nothing.
//
// Fails with kInvalidArgument, reason "idempotency_mismatch", if the key stands for another
// content; else as `work` and Store::Write.
Result<Answer> RunOnce(Store& store, const Site& site, const KeyedRequest& request,
                       const std::function<Result<Answer>(Transaction&)>& work,
                       const std::function<Answer(const Error&)>& refusal);

}  // namespace passmint::issuance
