#include <algorithm>
#include <utility>

#include "google/announcements.h"
#include "google/wallet_errors.h"
#include "issuance/google_budget.h"
#include "issuance/google_cards.h"

// Messages of cards whose change Google does not notify of by itself. addMessage is not to be
// repeated blindly, since ids may repeat: so Google is asked first whether it has the message.
namespace passmint::issuance {
namespace {

using google::WalletCall;
using google::WalletOutcome;
using Kind = WalletOutcome::Kind;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kChannel = "google";
constexpr int kRequestsOfAMessage = 2;
// Five of them, of two requests each, take no longer than the lease of their cards.
constexpr milliseconds kRequestTime{5'000};
constexpr std::size_t kMessageBytesMax = 64 * 1024;
constexpr int kAttemptsMax = 20;  // Then it is old.

// The same message, but no phone says that it is there.
std::string Silent(const std::string& message) {
  auto silent = json::Parse(message, kMessageBytesMax);
  if (!silent.ok() || !silent.value().is_object()) return message;
  silent.value()["messageType"] = "TEXT";
  return json::Dump(silent.value());
}

}  // namespace

// kStopped is worse than the others, which are worse than kRefused.
void CountGoogle(const WalletOutcome& outcome, GoogleRound& round) {
  ++(outcome.done() ? round.done : round.failed);
  const bool is_trouble = google::IsTrouble(outcome.kind);
  if (!is_trouble && outcome.kind != Kind::kRefused) return;
  const bool worse = !round.trouble || (is_trouble && !google::IsTrouble(round.trouble->kind)) ||
                     outcome.kind == Kind::kStopped;
  if (worse) round.trouble = outcome;
}

std::string GoogleFailure(const WalletOutcome& outcome) {
  return std::to_string(outcome.status) + " " + outcome.reason + ": " + outcome.detail;
}

GoogleCards::Added GoogleCards::TryMessage(const ProgrammeId& programme, const Job& job) {
  const auto call = [&](WalletCall what, Json body) {
    return api_.Call(programme,
                     {.call = what,
                      .vertical = job.card.vertical,
                      .id = job.card.object_id.str(),
                      .body = std::move(body)},
                     kRequestTime);
  };
  const auto message = json::Parse(job.message, kMessageBytesMax);
  if (!message.ok() || !message.value().is_object()) return {{.kind = Kind::kDone}, ""};
  WalletOutcome found = call(WalletCall::kGetObject, nullptr);
  if (found.kind == Kind::kNoObject) return {std::move(found), ""};
  if (!found.done()) return {std::move(found), job.message};
  const std::string message_id = message.value().value("id", "");
  if (google::HasMessage(found.body, message_id)) return {std::move(found), ""};
  if (Json room = google::RoomForMessage(found.body); !room.is_null()) {
    return {call(WalletCall::kPatchObject, std::move(room)), job.message};
  }
  WalletOutcome added = call(WalletCall::kAddMessage, {{"message", message.value()}});
  if (added.kind == Kind::kNotificationLimit) return {std::move(added), Silent(job.message)};
  const bool over = added.done() || added.kind == Kind::kRefused || added.kind == Kind::kNoObject;
  return {std::move(added), over ? "" : job.message};
}

Status GoogleCards::RecordMessage(const ProgrammeId& programme, const Job& job,
                                  const Added& added) {
  const milliseconds back_off = BackOff(job.attempts + 1);
  return store_.Write([&](Transaction& transaction) -> Status {
    auto card = transaction.FindCard(programme, job.card_id);
    if (!card.ok()) return std::move(card).error();
    auto found = transaction.FindGoogleObject(programme, job.card_id);
    if (!found.ok()) return std::move(found).error();
    if (!found.value() || !card.value()) return {};
    GoogleObject object = *std::move(found).value();
    const Timestamp now = transaction.Now();
    Timestamp next = now;
    object.message = PackMessage(added.left, job);
    if (added.outcome.kind == Kind::kNotificationLimit) {
      object.notified.assign(kNotificationsAtTheEnd, now);
    } else if (!added.outcome.done()) {
      object.attempts = job.attempts + 1;  // A patch before it has counted as a success.
      object.failure = GoogleFailure(added.outcome);
      next += std::max(back_off, milliseconds(added.outcome.retry_after.value_or(seconds(0))));
    }
    if (object.attempts > kAttemptsMax) object.message.clear();
    if (added.outcome.kind == Kind::kNoObject) object.inserted_at.reset();  // To be made anew.
    Status updated = transaction.UpdateGoogleObject(programme, object);
    if (!updated.ok()) return updated;
    if (object.message.empty() && object.inserted_at) {
      return transaction.KeepDelivery(kChannel, programme, job.card_id, job.revision, now);
    }
    return transaction.PostponeDelivery(kChannel, programme, job.card_id, object.attempts, next);
  });
}

Status GoogleCards::AddMessage(const ProgrammeSite& programme, const Job& job, GoogleRound& round) {
  const ProgrammeId& id = programme.programme.id;
  microseconds wait{0};
  Status taken = store_.Write([&](Transaction& transaction) -> Status {
    auto left = transaction.TakeRequests(programme.google->service_account, kRequestsOfAMessage,
                                         kMessagePace, 0);
    if (!left.ok()) return std::move(left).error();
    wait = left.value();
    if (wait == microseconds(0)) return {};
    return transaction.PostponeDelivery(kChannel, id, job.card_id, job.attempts,
                                        transaction.Now() + wait);
  });
  if (!taken.ok() || wait > microseconds(0)) return taken;
  Job now = job;
  // One that could not be added before the night does not wake anybody.
  if (calendar::IsQuietAt(programme.quiet, clock_.Now())) now.message = Silent(job.message);
  const Added added = TryMessage(id, now);
  if (added.outcome.kind != Kind::kNotificationLimit) CountGoogle(added.outcome, round);
  return RecordMessage(id, now, added);
}

}  // namespace passmint::issuance
