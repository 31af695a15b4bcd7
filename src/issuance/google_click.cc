#include <utility>

#include "google/object_patch.h"
#include "google/wallet_errors.h"
#include "issuance/google_budget.h"
#include "issuance/google_cards.h"

namespace passmint::issuance {
namespace {

using google::WalletCall;
using google::WalletOutcome;
using Kind = WalletOutcome::Kind;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A click's promise that the object is made, kept by the rounds if the process dies meanwhile.
constexpr seconds kPromised{15};
// Customers do not wait again and again for a Google that does not answer.
constexpr seconds kClicksPause{10};

}  // namespace

bool GoogleCards::MayTryAtOnce(const ProgrammeId& programme) {
  const std::lock_guard lock(mutex_);
  const auto found = not_before_.find(programme);
  return found == not_before_.end() || found->second <= clock_.Now();
}

void GoogleCards::TryLater(const ProgrammeId& programme) {
  const std::lock_guard lock(mutex_);
  not_before_[programme] = clock_.Now() + kClicksPause;
}

// Unless the object is there: writes down that it is to be made, before it is, and takes the
// request out of the budget. False: others are at it, or too many ask at once; it is made later.
Result<bool> GoogleCards::Promise(const CurrentCard& current, std::optional<GoogleObject>& known) {
  const ProgrammeId& id = current.programme->programme.id;
  bool may_send = false;
  const Status written = store_.Write([&](Transaction& transaction) -> Status {
    known.reset();
    auto card = transaction.FindCard(id, current.card.id);  // Locks it.
    if (!card.ok()) return std::move(card).error();
    auto found = transaction.FindGoogleObject(id, current.card.id);
    if (!found.ok()) return std::move(found).error();
    known = std::move(found).value();
    may_send = !known;
    if (known && known->inserted_at) return {};
    const Timestamp until = transaction.Now() + kPromised;
    if (known) {
      auto claimed = transaction.ClaimDelivery("google", id, known->card, transaction.Now(), until);
      if (!claimed.ok()) return std::move(claimed).error();
      may_send = claimed.value().has_value();
    } else {
      GoogleObject object{.card = current.card.id, .suffix = current.card.google_suffix};
      auto inserted = transaction.InsertGoogleObject(id, object);
      if (!inserted.ok()) return std::move(inserted).error();
      Status wanted = transaction.WantGoogleObject(id, object.card, until);
      if (!wanted.ok()) return wanted;
      known = std::move(object);
    }
    if (!may_send) return {};
    auto taken =
        transaction.TakeRequests(current.programme->google->service_account, 1, kGooglePace, 0);
    if (!taken.ok()) return std::move(taken).error();
    may_send = taken.value() == microseconds(0);
    return {};
  });
  if (!written.ok()) return written.error();
  return may_send;
}

google::WalletOutcome GoogleCards::InsertAtOnce(const CurrentCard& current,
                                                const GoogleCard& card) {
  const ProgrammeId& id = current.programme->programme.id;
  const Timestamp deadline = clock_.Now() + kClickTime;
  const auto left = [&] {
    return std::chrono::duration_cast<milliseconds>(deadline - clock_.Now());
  };
  const auto send = [&](WalletCall call) {
    const bool patch = call == WalletCall::kPatchObject;
    return api_.Call(
        id,
        {.call = call,
         .vertical = card.vertical,
         .id = card.object_id.str(),
         .body = patch ? google::ObjectPatch(card.object, card.vertical, false) : card.object},
        left());
  };
  WalletOutcome outcome = send(WalletCall::kInsertObject);
  if (outcome.kind == Kind::kExists) return send(WalletCall::kPatchObject);
  if (outcome.kind != Kind::kNoClass) return outcome;
  auto made = maker_.GoogleClassOf(current);
  if (!made.ok()) return outcome;
  WalletOutcome inserted = api_.Call(id,
                                     {.call = WalletCall::kInsertClass,
                                      .vertical = card.vertical,
                                      .id = card.class_id.str(),
                                      .body = std::move(made).value()},
                                     left());
  if (!inserted.done() && inserted.kind != Kind::kExists) return inserted;
  return send(WalletCall::kInsertObject);
}

Result<std::string> GoogleCards::SaveUrl(const CurrentCard& current) {
  auto card = maker_.MakeGoogleCard(current);
  if (!card.ok()) return std::move(card).error();
  const ProgrammeId& id = current.programme->programme.id;
  std::optional<GoogleObject> known;
  const auto promised = Promise(current, known);
  if (!promised.ok() || !known) return maker_.GoogleSaveUrl(current);
  // What changed since is on its way.
  if (known->inserted_at) return maker_.GoogleSaveUrlById(current);
  if (!promised.value() || !MayTryAtOnce(id)) return maker_.GoogleSaveUrl(current);
  Job job{.card = std::move(card).value(),
          .card_id = current.card.id,
          .revision = current.card.revision,
          .attempts = known->attempts};
  job.shown = google::NotifyingValues(job.card.object, job.card.vertical);
  job.announced = google::AnnouncedValues(job.card.announcements);
  const WalletOutcome outcome = InsertAtOnce(current, job.card);
  if (google::IsTrouble(outcome.kind)) TryLater(id);
  // If this is not written down the promise is, and the object is found to exist later.
  const Status recorded = Record(id, job, outcome);
  return recorded.ok() && outcome.done() ? maker_.GoogleSaveUrlById(current)
                                         : maker_.GoogleSaveUrl(current);
}

}  // namespace passmint::issuance
