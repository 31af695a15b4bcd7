#include "issuance/idempotency.h"

#include <utility>

#include "issuance/fingerprint.h"
#include "issuance/refusal.h"

namespace passmint::issuance {
namespace {

// The stored answer, nothing, or the refusal of a key that stands for something else.
Result<std::optional<Answer>> FindStored(Transaction& transaction, const Site& site,
                                         const KeyedRequest& request) {
  auto stored = transaction.FindAnswer(request.scope, request.key);
  if (!stored.ok()) return std::move(stored).error();
  if (!stored.value()) return std::optional<Answer>();
  if (!MatchesFingerprint(*site.keys, stored.value()->fingerprint, request.content)) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "this Idempotency-Key was used with another body",
                 .reason = "idempotency_mismatch",
                 .hint = "use a new key for a new request"};
  }
  return std::optional<Answer>(Answer{.status = stored.value()->status,
                                      .body = std::move(stored.value()->body),
                                      .about = std::nullopt,
                                      .replayed = true});
}

Status Keep(Transaction& transaction, const KeyedRequest& request, const std::string& fingerprint,
            const Answer& answer) {
  return transaction.PutAnswer(
      request.scope, request.key,
      {.fingerprint = fingerprint, .status = answer.status, .body = answer.body}, answer.about,
      transaction.Now() + kAnswerKept);
}

}  // namespace

Result<std::optional<Answer>> FindReplay(const Store& store, const Site& site,
                                         const KeyedRequest& request) {
  std::optional<Answer> answer;
  const Status read = store.Read([&](Transaction& transaction) -> Status {
    auto stored = FindStored(transaction, site, request);
    if (!stored.ok()) return std::move(stored).error();
    answer = std::move(stored).value();
    return {};
  });
  if (!read.ok()) return read.error();
  return answer;
}

Result<Answer> RunOnce(Store& store, const Site& site, const KeyedRequest& request,
                       const std::function<Result<Answer>(Transaction&)>& work,
                       const std::function<Answer(const Error&)>& refusal) {
  Answer answer;
  bool refused = false;
  const std::string fingerprint = Fingerprint(*site.keys, request.content);
  bool look = !request.looked;
  const auto attempt = [&](Transaction& transaction) -> Status {
    refused = false;
    if (std::exchange(look, true)) {
      auto stored = FindStored(transaction, site, request);
      if (!stored.ok()) return std::move(stored).error();
      if (stored.value()) {
        answer = *std::move(stored).value();
        return {};
      }
    }
    auto made = work(transaction);
    if (!made.ok()) {
      refused = IsRefusal(made.error());
      return std::move(made).error();
    }
    answer = std::move(made).value();
    return Keep(transaction, request, fingerprint, answer);
  };
  Status done = store.Write(attempt);
  // Somebody has stored an answer since the caller looked: now it is found.
  if (request.looked && !done.ok() && done.error().reason == "lost_race") {
    done = store.Write(attempt);
  }
  if (done.ok()) return answer;
  // A commit that failed has taken the refusal's place; that is nothing to repeat for a month.
  if (!refused || !IsRefusal(done.error())) return done.error();

  const Status kept = store.Write([&](Transaction& transaction) -> Status {
    auto stored = FindStored(transaction, site, request);
    if (!stored.ok()) return std::move(stored).error();
    answer = stored.value() ? *std::move(stored).value() : refusal(done.error());
    return answer.replayed ? Status() : Keep(transaction, request, fingerprint, answer);
  });
  if (!kept.ok()) return kept.error();
  return answer;
}

}  // namespace passmint::issuance
