#include "issuance/google_cards.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "crypto/digest.h"
#include "google/object_patch.h"
#include "google/wallet_class.h"
#include "google/wallet_errors.h"
#include "issuance/google_budget.h"
#include "ledger/codec.h"

namespace passmint::issuance {
namespace {

using google::WalletCall;
using google::WalletOutcome;
using google::WalletRequest;
using Kind = WalletOutcome::Kind;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kChannel = "google";
// Longer than a round can take, so that nobody else does the same.
constexpr seconds kLease{60};
constexpr milliseconds kRoundTime{20'000};
constexpr std::chrono::hours kCheckEvery{24 * 7};
// News are old after that, and the card shows what is true.
constexpr std::chrono::hours kMessageShownFor{72};
// Stands for the class that an insert lacked; the class is due at once.
constexpr seconds kUntilTheClassIsThere{2};

// One request or several are in the budget, or how long until they are.
struct Claimed {
  microseconds wait{0};
  std::vector<TemplateName> classes;
  std::vector<std::string> cards;
};

// A class, or objects; what is claimed is paid for in the same transaction or not claimed.
Status ClaimDue(Transaction& transaction, const ProgrammeSite& programme, Claimed& claimed) {
  claimed = {};
  const ProgrammeId& id = programme.programme.id;
  const Timestamp until = transaction.Now() + kLease;
  auto classes = transaction.ClaimGoogleClasses(id, until, 1);
  if (!classes.ok()) return std::move(classes).error();
  claimed.classes = std::move(classes).value();
  if (claimed.classes.empty()) {
    auto cards = transaction.ClaimGoogleObjects(id, until, kGoogleBatch);
    if (!cards.ok()) return std::move(cards).error();
    claimed.cards = std::move(cards).value();
  }
  const std::size_t count = claimed.classes.size() * 2 + claimed.cards.size();
  if (count == 0) return {};
  return TakeGoogleBudget(transaction, programme, static_cast<int>(count), claimed.wait);
}

void MarkDone(GoogleObject& object, Timestamp now) {
  if (!object.inserted_at) object.inserted_at = now;
  object.patched_at = now;
  object.attempts = 0;
  object.failure.clear();
}

}  // namespace

milliseconds GoogleCards::BackOff(int attempts) {
  return GoogleBackOff(attempts, static_cast<unsigned char>(site_.random->Bytes(1).front()));
}

Result<GoogleRound> GoogleCards::RunRound(const ProgrammeSite& programme) {
  bool has_work = false;
  std::optional<Timestamp> next;
  const Status looked = store_.Read([&](Transaction& transaction) -> Status {
    auto found = transaction.HasGoogleWork(programme.programme.id);
    if (!found.ok()) return std::move(found).error();
    has_work = found.value();
    if (has_work) return {};
    auto due = transaction.NextGoogleWork(programme.programme.id);
    if (!due.ok()) return std::move(due).error();
    next = due.value();
    return {};
  });
  if (!looked.ok()) return looked.error();
  if (!has_work) {
    auto checked = CheckOne(programme);
    if (checked.ok()) checked.value().next = next;
    return checked;
  }
  Claimed claimed;
  const Status written = store_.Write(
      [&](Transaction& transaction) { return ClaimDue(transaction, programme, claimed); });
  if (!written.ok() && written.error().reason == "no_budget") {
    return GoogleRound{.wait = claimed.wait};
  }
  if (!written.ok()) return written.error();
  if (!claimed.classes.empty()) return SendClass(programme, claimed.classes.front());
  return SendObjects(programme, claimed.cards);
}

Result<GoogleRound> GoogleCards::SendClass(const ProgrammeSite& programme,
                                           const TemplateName& name) {
  const ProgrammeId& id = programme.programme.id;
  GoogleRound round;
  auto wanted = maker_.PublishedGoogleClass(programme, name);
  if (!wanted.ok()) return std::move(wanted).error();
  WalletOutcome outcome{.kind = Kind::kDone};
  if (wanted.value()) {
    WalletRequest request{.call = WalletCall::kInsertClass,
                          .vertical = wanted.value()->vertical,
                          .id = wanted.value()->class_id.str(),
                          .body = wanted.value()->body};
    outcome = api_.Call(id, request, kRoundTime);
    if (outcome.kind == Kind::kExists) {
      request.call = WalletCall::kPatchClass;
      request.body.erase("id");
      outcome = api_.Call(id, request, kRoundTime);
    }
  }
  CountGoogle(outcome, round);
  const Status written = store_.Write([&](Transaction& transaction) -> Status {
    auto found = transaction.FindGoogleClass(id, name);
    if (!found.ok()) return std::move(found).error();
    GoogleClass row = found.value().value_or(GoogleClass{.name = name, .due_at = {}});
    row.due_at.reset();
    row.failure.clear();
    if (outcome.done()) {
      row.sent_version = wanted.value() ? wanted.value()->version : 0;
      row.attempts = 0;
    } else {
      ++row.attempts;
      row.failure = GoogleFailure(outcome);
      if (outcome.kind != Kind::kRefused) row.due_at = transaction.Now() + BackOff(row.attempts);
    }
    // Published again meanwhile: to be sent again.
    auto now_live = LiveVersion(transaction, id, name);
    if (!now_live.ok()) return std::move(now_live).error();
    if (outcome.done() && wanted.value() && now_live.value() != row.sent_version) {
      row.due_at = transaction.Now();
    }
    return transaction.PutGoogleClass(id, row);
  });
  if (!written.ok()) return written.error();
  return round;
}

namespace {

// Whether the last thing that happened to the points is that some expired.
Result<bool> TimeTook(Transaction& transaction, const ProgrammeId& programme,
                      const CurrentCard& current) {
  if (current.card.member.empty()) return false;
  auto entries = transaction.EntriesBefore(programme, current.member.account, 0, 1);
  if (!entries.ok()) return std::move(entries).error();
  if (entries.value().empty()) return false;
  const JournalEntry& last = entries.value().front();
  const auto entry = ledger::DecodeBody(last.sequence, last.body);
  return entry.ok() && entry.value().type == ledger::EntryType::kExpire;
}

}  // namespace

namespace {

constexpr std::size_t kPendingBytesMax = 80 * 1024;

// What Google is to have, but for whether the phone says so.
std::string DigestOf(const GoogleCard& card) {
  return crypto::Sha256Hex(
      json::Dump(google::ObjectPatch(card.object, card.vertical, /*notify=*/false)));
}

// GoogleObject::message and what Google was sent before it.
struct PendingMessage {
  std::string message;
  std::string after;  // DigestOf.
};

PendingMessage UnpackMessage(const std::string& packed) {
  const auto pending = json::Parse(packed, kPendingBytesMax);
  if (!pending.ok() || !pending.value().is_object()) return {};
  return {.message = pending.value().value("message", ""),
          .after = pending.value().value("after", "")};
}

}  // namespace

std::string GoogleCards::PackMessage(const std::string& message, const Job& job) {
  if (message.empty()) return {};
  return json::Dump({{"after", job.digest}, {"message", message}});
}

// What of the change the phone is to say, if it may say anything now.
void GoogleCards::Announce(const ProgrammeSite& programme, bool took, GoogleObject& known,
                           Job& job) const {
  const Timestamp now = clock_.Now();
  job.shown = google::NotifyingValues(job.card.object, job.card.vertical);
  job.announced = google::AnnouncedValues(job.card.announcements);
  if (!known.inserted_at || calendar::IsQuietAt(programme.quiet, now) ||
      !MayNotify(known, took, now)) {
    return;
  }
  job.notifies = !known.shown.empty() && known.shown != job.shown;
  if (job.notifies) return;
  const Json message =
      google::ChangeMessage(job.card.announcements, known.announced,
                            "r" + std::to_string(job.revision), now + kMessageShownFor);
  if (message.is_null()) return;
  job.announces = true;
  job.message = json::Dump(message);
}

Result<std::optional<GoogleCards::Job>> GoogleCards::MakeJob(const ProgrammeSite& programme,
                                                             const std::string& card_id) {
  const ProgrammeId& id = programme.programme.id;
  auto current = FindByCardId(store_, site_, id, card_id);
  if (!current.ok()) return std::move(current).error();
  auto card = maker_.MakeGoogleCard(current.value());
  if (!card.ok()) return std::move(card).error();
  std::optional<GoogleObject> known;
  bool took = false;
  const Status read = store_.Read([&](Transaction& transaction) -> Status {
    auto found = transaction.FindGoogleObject(id, card_id);
    if (!found.ok()) return std::move(found).error();
    known = std::move(found).value();
    auto expired = TimeTook(transaction, id, current.value());
    if (!expired.ok()) return std::move(expired).error();
    took = expired.value();
    return {};
  });
  if (!read.ok()) return read.error();
  if (!known) return std::optional<Job>();
  Job job{.card = std::move(card).value(),
          .card_id = card_id,
          .revision = current.value().card.revision,
          .attempts = known->attempts};
  took = took || job.card.object.value("state", "") != "ACTIVE";
  job.digest = DigestOf(job.card);
  PendingMessage pending = UnpackMessage(known->message);
  job.message = std::move(pending.message);
  job.is_there = known->inserted_at && !job.message.empty() && pending.after == job.digest;
  if (!job.is_there) Announce(programme, took, *known, job);
  job.request = {.call = known->inserted_at ? WalletCall::kPatchObject : WalletCall::kInsertObject,
                 .vertical = job.card.vertical,
                 .id = job.card.object_id.str(),
                 .body = known->inserted_at
                             ? google::ObjectPatch(job.card.object, job.card.vertical, job.notifies)
                             : job.card.object};
  return std::optional<Job>(std::move(job));
}

Result<GoogleRound> GoogleCards::SendObjects(const ProgrammeSite& programme,
                                             const std::vector<std::string>& cards) {
  const ProgrammeId& id = programme.programme.id;
  std::vector<Job> jobs;
  std::vector<Job> told;  // Only their messages are missing.
  std::vector<WalletRequest> requests;
  GoogleRound round;
  for (const std::string& card : cards) {
    auto job = MakeJob(programme, card);
    if (job.ok() && job.value() && job.value()->is_there) {
      told.push_back(*std::move(job).value());
    } else if (job.ok() && job.value()) {
      requests.push_back(job.value()->request);
      jobs.push_back(*std::move(job).value());
    } else if (!job.ok()) {
      if (job.error().code == ErrorCode::kUnavailable) return std::move(job).error();
      ++round.failed;
      if (Status given = GiveUp(id, card, job.error()); !given.ok())
        return std::move(given).error();
    }
  }
  std::vector<WalletOutcome> outcomes;
  if (!jobs.empty()) outcomes = api_.CallAll(id, requests, kRoundTime);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    CountGoogle(outcomes[i], round);
    if (Status done = Record(id, jobs[i], outcomes[i]); !done.ok()) return std::move(done).error();
    if (outcomes[i].done() && !jobs[i].message.empty()) told.push_back(std::move(jobs[i]));
  }
  for (const Job& job : told) {
    if (Status added = AddMessage(programme, job, round); !added.ok()) {
      return std::move(added).error();
    }
    if (round.trouble && google::IsTrouble(round.trouble->kind)) break;  // The lease does the rest.
  }
  return round;
}

// A card that cannot be made: its next change tries again.
Status GoogleCards::GiveUp(const ProgrammeId& programme, const std::string& card,
                           const Error& error) {
  return store_.Write([&](Transaction& transaction) -> Status {
    auto found = transaction.FindGoogleObject(programme, card);
    if (!found.ok()) return std::move(found).error();
    if (!found.value()) return {};
    GoogleObject object = *std::move(found).value();
    object.attempts = 0;
    object.failure = error.message;
    Status updated = transaction.UpdateGoogleObject(programme, object);
    if (!updated.ok()) return updated;
    auto delivery = transaction.FindDelivery(kChannel, programme, card);
    if (!delivery.ok()) return std::move(delivery).error();
    if (!delivery.value()) return {};
    return transaction.KeepDelivery(kChannel, programme, card, delivery.value()->wanted,
                                    transaction.Now());
  });
}

namespace {

// What an outcome makes of the row. Returns when to go on, or nothing if this revision is over.
std::optional<Timestamp> Apply(const WalletOutcome& outcome, const Timestamp now,
                               milliseconds back_off, GoogleObject& object) {
  std::optional<Timestamp> next = now;
  switch (outcome.kind) {
    case Kind::kDone:
      MarkDone(object, now);
      return std::nullopt;
    case Kind::kExists:
      object.inserted_at = object.inserted_at.value_or(now);
      return next;
    case Kind::kNotificationLimit:
      object.notified.assign(kNotificationsAtTheEnd, now);
      return next;
    case Kind::kNoObject:
      object.inserted_at.reset();
      break;
    case Kind::kNoClass:
      next = now + kUntilTheClassIsThere;
      break;
    case Kind::kThrottled:
    case Kind::kRetry:
    case Kind::kStopped:
      next = now + std::max(back_off, milliseconds(outcome.retry_after.value_or(seconds(0))));
      break;
    case Kind::kRefused:
      object.attempts = 0;
      object.failure = GoogleFailure(outcome);
      return std::nullopt;
  }
  ++object.attempts;
  object.failure = GoogleFailure(outcome);
  return next;
}

void MarkHasUsers(const WalletOutcome& outcome, GoogleObject& object, Timestamp now) {
  const auto users = outcome.body.find("hasUsers");
  if (users == outcome.body.end() || !users->is_boolean()) return;
  object.has_users = users->get<bool>();
  object.checked_at = now;
}

}  // namespace

Status GoogleCards::Record(const ProgrammeId& programme, const Job& job,
                           const WalletOutcome& outcome) {
  const milliseconds back_off = BackOff(job.attempts + 1);
  return store_.Write([&](Transaction& transaction) -> Status {
    // The card first, as everybody locks them.
    auto card = transaction.FindCard(programme, job.card_id);
    if (!card.ok()) return std::move(card).error();
    auto found = transaction.FindGoogleObject(programme, job.card_id);
    if (!found.ok()) return std::move(found).error();
    if (!found.value() || !card.value()) return {};
    GoogleObject object = *std::move(found).value();
    const Timestamp now = transaction.Now();
    const auto next = Apply(outcome, now, back_off, object);
    if (outcome.done()) {
      object.sent_revision = job.revision;
      object.shown = job.shown;
      object.announced = job.announced;
      object.message = PackMessage(job.message, job);
      MarkHasUsers(outcome, object, now);
      if (job.notifies || job.announces) object.notified.push_back(now);
    }
    if (outcome.kind == Kind::kNoClass) {
      Status wanted = transaction.WantGoogleClass(programme, card.value()->template_name);
      if (!wanted.ok()) return wanted;
    }
    Status updated = transaction.UpdateGoogleObject(programme, object);
    if (!updated.ok()) return updated;
    if (outcome.done() && !object.message.empty()) {
      return transaction.PostponeDelivery(kChannel, programme, job.card_id, 0, now + kLease);
    }
    // What has changed since the card was read goes next.
    if (!next) return transaction.KeepDelivery(kChannel, programme, job.card_id, job.revision, now);
    return transaction.PostponeDelivery(kChannel, programme, job.card_id, object.attempts, *next);
  });
}

Result<GoogleRound> GoogleCards::CheckOne(const ProgrammeSite& programme) {
  const ProgrammeId& id = programme.programme.id;
  std::string card_id;
  const Status looked = store_.Read([&](Transaction& transaction) -> Status {
    auto cards = transaction.GoogleObjectsToCheck(id, transaction.Now() - kCheckEvery, 1);
    if (!cards.ok()) return std::move(cards).error();
    card_id = cards.value().empty() ? "" : cards.value().front();
    return {};
  });
  if (!looked.ok()) return looked.error();
  if (card_id.empty()) return GoogleRound{};
  microseconds wait{0};
  const Status taken = store_.Write(
      [&](Transaction& transaction) { return TakeGoogleBudget(transaction, programme, 1, wait); });
  if (wait > microseconds(0)) return GoogleRound{.wait = wait};
  if (!taken.ok()) return taken.error();
  auto current = FindByCardId(store_, site_, id, card_id);
  if (!current.ok()) return std::move(current).error();
  auto card = maker_.MakeGoogleCard(current.value());
  if (!card.ok()) return std::move(card).error();
  const WalletOutcome outcome = api_.Call(id,
                                          {.call = WalletCall::kGetObject,
                                           .vertical = card.value().vertical,
                                           .id = card.value().object_id.str()},
                                          kRoundTime);
  GoogleRound round;
  CountGoogle(outcome, round);
  round.done = 0;  // There may be more to check, but no hurry.
  if (google::IsTrouble(outcome.kind)) return round;
  const Status written = store_.Write([&](Transaction& transaction) -> Status {
    auto found = transaction.FindGoogleObject(id, card_id);
    if (!found.ok()) return std::move(found).error();
    if (!found.value()) return {};
    GoogleObject object = *std::move(found).value();
    object.checked_at = transaction.Now();
    object.has_users = outcome.done() && outcome.body.value("hasUsers", Json(false)) == Json(true);
    if (outcome.kind == Kind::kNoObject) object.inserted_at.reset();
    return transaction.UpdateGoogleObject(id, object);
  });
  if (!written.ok()) return written.error();
  return round;
}

}  // namespace passmint::issuance
