#include "issuance/points.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "calendar/time_zone.h"
#include "crypto/digest.h"
#include "crypto/token.h"
#include "issuance/card_life.h"
#include "programme/period.h"
#include "programme/quote.h"

namespace passmint::issuance {
namespace {

using ledger::Account;
using ledger::Change;

constexpr std::size_t kSaltBytes = 16;
// A member's id is "m_" and its digits, an account's "a_" and the same.
constexpr std::size_t kPrefixBytes = 2;

const ledger::AssetId& Points() {
  static const ledger::AssetId asset(ledger::kPointsAsset);
  return asset;
}

// What a card shows of the ledger comes from the balances and from when points end.
bool ShowsOtherPoints(const Change& change) {
  return std::any_of(change.entries.begin(), change.entries.end(),
                     [](const ledger::PostedEntry& posted) {
                       return !posted.entry.transfers.empty() || !posted.entry.holds.empty() ||
                              !posted.entry.slides.empty();
                     });
}

std::string NoteHash(const Note& note) { return crypto::Sha256(note.salt + json::Dump(note.text)); }

Noted ContextWith(const Transaction& transaction, const ledger::Policy& policy,
                  const Movement& movement) {
  Noted noted{.context = {.now = transaction.Now(),
                          .actor = movement.actor,
                          .policy = policy,
                          .note_hash = {}},
              .note = std::nullopt};
  if (movement.note.is_object()) {
    noted.note =
        Note{.sequence = 0, .salt = movement.random->Bytes(kSaltBytes), .text = movement.note};
    noted.context.note_hash = NoteHash(*noted.note);
  }
  return noted;
}

Status Save(Transaction& transaction, const ProgrammeId& programme, const Change& change,
            const Movement& movement) {
  if (Status saved = transaction.SaveChange(programme, change); !saved.ok()) return saved;
  if (!ShowsOtherPoints(change)) return {};
  return TouchCardsOf(transaction, programme, OwnerOf(change.account.id), movement.touched);
}

Result<Change> Move(Transaction& transaction, const ProgrammeId& programme, Account account,
                    const ledger::OrderRecord* order, const ledger::Command& command,
                    const Movement& movement, const Noted& noted) {
  auto change = ledger::Apply(std::move(account), order, command, noted.context);
  if (!change.ok()) return change;
  if (Status saved = Save(transaction, programme, change.value(), movement); !saved.ok()) {
    return std::move(saved).error();
  }
  if (Status put = PutNote(transaction, programme, change.value(), noted.note); !put.ok()) {
    return std::move(put).error();
  }
  return change;
}

}  // namespace

AccountId AccountFor(const MemberId& member) {
  return AccountId("a_" + member.str().substr(std::min(kPrefixBytes, member.str().size())));
}

MemberId OwnerOf(const AccountId& account) {
  return MemberId("m_" + account.str().substr(std::min(kPrefixBytes, account.str().size())));
}

std::string EntryIdText(const AccountId& account, std::int64_t sequence) {
  return "e_" + account.str().substr(std::min(kPrefixBytes, account.str().size())) + "." +
         std::to_string(sequence);
}

std::optional<std::pair<AccountId, std::int64_t>> ParseEntryId(std::string_view text) {
  const std::size_t point = text.rfind('.');
  if (!text.starts_with("e_") || point == std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(point + 1);
  std::int64_t sequence = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sequence);
  if (error != std::errc() || end != digits.data() + digits.size() || sequence <= 0) {
    return std::nullopt;
  }
  return std::pair(AccountId("a_" + std::string(text.substr(2, point - 2))), sequence);
}

HoldId MakeHoldId(Timestamp now, Random& random) {
  return HoldId("h_" + crypto::MakeUuidV7(now, random));
}

PointsSummary Balances(const Account& settled) {
  const ledger::Balance& balance = settled.balance(Points());
  PointsSummary summary{.available = balance.available,
                        .pending = balance.pending,
                        .held = balance.held,
                        .debt = balance.debt};
  for (const auto& [asset, stamps] : settled.balances) {
    const std::string card = programme::StampCardOf(asset);
    if (card.empty()) continue;
    summary.stamps.push_back(
        {.card = card, .count = stamps.available, .pending = stamps.pending, .debt = stamps.debt});
  }
  return summary;
}

std::optional<NextExpiry> NextExpiryOf(const Account& settled) {
  std::optional<NextExpiry> next;
  for (const ledger::Lot& lot : settled.lots) {  // Soonest expiring first.
    if (lot.asset != Points() || lot.available == 0 || lot.expires_at == ledger::kNever) continue;
    if (!next) next = NextExpiry{.points = 0, .at = lot.expires_at};
    if (lot.expires_at != next->at) break;
    next->points += lot.available;
  }
  return next;
}

bool IsNextExpiryWhole(const Account& settled) {
  const std::optional<NextExpiry> next = NextExpiryOf(settled);
  std::int64_t loaded = 0;
  for (const ledger::Lot& lot : settled.lots) {
    if (lot.asset != Points() || lot.available == 0) continue;
    if (next && lot.expires_at > next->at) return true;
    loaded += lot.available;
  }
  return loaded == settled.balance(Points()).available;
}

ledger::Need AllPoints() {
  ledger::Need need;
  need.cover[Points()] = ledger::kAmountMax;
  return need;
}

Result<PointsSummary> PointsOf(Transaction& transaction, const ProgrammeId& programme,
                               const AccountId& account) {
  auto loaded = transaction.LoadAccount(programme, account, {}, transaction.Now());
  if (!loaded.ok()) return std::move(loaded).error();
  return Balances(ledger::Settled(std::move(loaded).value(), transaction.Now()));
}

PointsSummary Summary(const Change& change) {
  PointsSummary summary = Balances(change.account);
  summary.earned = change.totals.earned;
  summary.spent = change.totals.spent;
  return summary;
}

Noted ContextOf(const Transaction& transaction, const Movement& movement) {
  return ContextWith(transaction, movement.refunds, movement);
}

Status PutNote(Transaction& transaction, const ProgrammeId& programme, const Change& change,
               const std::optional<Note>& note) {
  if (!note) return {};
  for (const ledger::PostedEntry& posted : change.entries) {
    if (posted.entry.note_hash.empty()) continue;
    Note placed = *note;
    placed.sequence = posted.entry.sequence;
    return transaction.PutNote(programme, change.account.id, placed);
  }
  return {};
}

Status SaveMoved(Transaction& transaction, const ProgrammeSite& programme, const Change& change,
                 const Movement& movement) {
  return Save(transaction, programme.programme.id, change, movement);
}

Result<Change> MovePoints(Transaction& transaction, const ProgrammeSite& programme,
                          const AccountId& account, const ledger::OrderRecord* order,
                          const ledger::Command& command, const Movement& movement) {
  const ProgrammeId& id = programme.programme.id;
  ledger::Need need = ledger::NeedOf(order, command);
  need.sliding = movement.activity;
  auto loaded = transaction.LoadAccount(id, account, need, transaction.Now());
  if (!loaded.ok()) return std::move(loaded).error();
  Noted noted = ContextOf(transaction, movement);
  if (movement.activity) {
    auto slides = SlidesOf(programme, loaded.value(), transaction.Now());
    if (!slides.ok()) return std::move(slides).error();
    noted.context.slides = std::move(slides).value();
  }
  return Move(transaction, id, std::move(loaded).value(), order, command, movement, noted);
}

Result<PointsSummary> RecordActivity(Transaction& transaction, const ProgrammeSite& programme,
                                     const AccountId& account, const ledger::Document& document,
                                     Movement movement) {
  movement.activity = true;
  auto change = MovePoints(transaction, programme, account, nullptr,
                           ledger::Activity{.document = document}, movement);
  if (!change.ok()) return std::move(change).error();
  return Summary(change.value());
}

Result<std::vector<ledger::Slide>> SlidesOf(const ProgrammeSite& programme, const Account& account,
                                            Timestamp now) {
  std::set<ledger::SlidingTerm> terms;
  for (const ledger::Lot& lot : account.lots) {
    if (lot.slides && lot.open()) terms.insert(*lot.slides);
  }
  std::vector<ledger::Slide> slides;
  if (terms.empty()) return slides;
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  const Timestamp at = std::max(now, account.decided_at);  // When the ledger decides.
  for (const ledger::SlidingTerm& term : terms) {
    slides.push_back(
        {.term = term, .until = programme::ExpiresAfterActivity(term, zone.value(), at)});
  }
  return slides;
}

Status RecordService(Transaction& transaction, const ProgrammeId& programme,
                     const AccountId& account, const ledger::ServiceOperation& operation,
                     const Movement& movement) {
  const ledger::Command command = operation;
  auto loaded = transaction.LoadAccount(programme, account, ledger::NeedOf(nullptr, command),
                                        transaction.Now());
  if (!loaded.ok()) return std::move(loaded).error();
  auto change = Move(transaction, programme, std::move(loaded).value(), nullptr, command, movement,
                     ContextWith(transaction, ledger::Policy(), movement));
  return change.ok() ? Status() : Status(std::move(change).error());
}

Status PostDue(Transaction& transaction, const ProgrammeSite& programme, const AccountId& account) {
  auto change = MovePoints(transaction, programme, account, nullptr, ledger::Settle{},
                           {.actor = kSystemActor, .note = nullptr, .random = nullptr});
  return change.ok() ? Status() : Status(std::move(change).error());
}

}  // namespace passmint::issuance
