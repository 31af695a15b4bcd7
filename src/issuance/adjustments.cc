#include "issuance/adjustments.h"

#include <algorithm>
#include <utility>

#include "crypto/token.h"
#include "issuance/fingerprint.h"
#include "issuance/points.h"
#include "issuance/staff.h"

namespace passmint::issuance {
namespace {

using ledger::Change;
using ledger::EntryType;

const ledger::AssetId& Points() {
  static const ledger::AssetId asset(ledger::kPointsAsset);
  return asset;
}

std::string EntryOf(const Change& change, EntryType type) {
  for (const ledger::PostedEntry& posted : change.entries) {
    if (posted.entry.type == type) return EntryIdText(change.account.id, posted.entry.sequence);
  }
  return {};
}

// What makes two reports of one adjustment the same.
std::string ComparedContent(const Adjustment& adjustment) {
  const Json number = adjustment.who.card_number ? Json(*adjustment.who.card_number) : Json();
  const Json member = adjustment.who.member ? Json(adjustment.who.member->str()) : Json();
  return json::Dump({{"card_number", number},
                     {"member_id", member},
                     {"points", adjustment.points},
                     {"document", adjustment.document ? adjustment.document->id : ""}});
}

// The answers of adjustments with an id of their own stand beside those of idempotency keys, and
// for ever. They hold the entry's id and nothing personal.
std::string ScopeOf(const ProgrammeId& programme) { return programme.str() + " adjustment"; }

Result<std::optional<Booked>> FindBooked(Transaction& transaction, const Site& site,
                                         const ProgrammeId& programme,
                                         const Adjustment& adjustment) {
  if (!adjustment.id) return std::optional<Booked>();
  auto stored = transaction.FindAnswer(ScopeOf(programme), IdempotencyKey(*adjustment.id));
  if (!stored.ok()) return std::move(stored).error();
  if (!stored.value()) return std::optional<Booked>();
  if (!MatchesFingerprint(*site.keys, stored.value()->fingerprint, ComparedContent(adjustment))) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "adjustment " + *adjustment.id + " is known with other content",
                 .reason = "conflict"};
  }
  const auto entry = ParseEntryId(stored.value()->body);
  if (!entry) return Error{.code = ErrorCode::kInternal, .message = "an adjustment without entry"};
  auto member = FindLivingMember(transaction, programme, OwnerOf(entry->first));
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return Error{.code = ErrorCode::kInternal, .message = "no such member"};
  auto points = PointsOf(transaction, programme, member.value()->account);
  if (!points.ok()) return std::move(points).error();
  return std::optional<Booked>(Booked{.created = false,
                                      .entry = stored.value()->body,
                                      .member = member.value()->id,
                                      .points = std::move(points).value()});
}

Status Remember(Transaction& transaction, const Site& site, const ProgrammeId& programme,
                const Adjustment& adjustment, const std::string& entry) {
  if (!adjustment.id) return {};
  return transaction.PutAnswer(ScopeOf(programme), IdempotencyKey(*adjustment.id),
                               {.fingerprint = Fingerprint(*site.keys, ComparedContent(adjustment)),
                                .status = 201,
                                .body = entry},
                               std::nullopt, Timestamp::max());
}

// What a person said about a movement, to lie beside its entry.
Json NoteOf(const std::string& reason, const Owner& owner,
            const std::optional<CallersDocument>& document) {
  Json note = {{"reason", reason}};
  if (owner.card) note["card"] = owner.card->card.id;
  if (document) {
    note["document"] = {{"type", document->type}, {"id", document->id}, {"name", document->name}};
  }
  return note;
}

Booked Summarise(const Change& change, EntryType type, std::int64_t points) {
  Booked booked{.created = true,
                .entry = EntryOf(change, type),
                .member = OwnerOf(change.account.id),
                .points = Summary(change)};
  booked.points.earned = std::max<std::int64_t>(points, 0);
  booked.points.spent = std::max<std::int64_t>(-points, 0);
  return booked;
}

struct Sides {
  Owner from;
  Owner to;
};

Result<Owner> FindSide(Transaction& transaction, const ProgrammeSite& programme, const Who& who,
                       std::string_view pointer) {
  auto owner = FindOwner(transaction, programme.programme, who, pointer);
  if (!owner.ok()) return owner;
  if (Status usable = RequireUsable(transaction, programme.programme.id, owner.value());
      !usable.ok()) {
    return std::move(usable).error();
  }
  return owner;
}

std::string NameOf(const Who& who) {
  return who.card_number.value_or(who.member ? who.member->str() : "");
}

// In the same order whichever way the points go, since looking locks.
Result<Sides> FindSides(Transaction& transaction, const ProgrammeSite& programme,
                        const Transfer& transfer) {
  const bool from_first = NameOf(transfer.from) < NameOf(transfer.to);
  const auto find = [&](bool from) {
    return from ? FindSide(transaction, programme, transfer.from, "/from")
                : FindSide(transaction, programme, transfer.to, "/to");
  };
  auto first = find(from_first);
  if (!first.ok()) return std::move(first).error();
  auto second = find(!from_first);
  if (!second.ok()) return std::move(second).error();
  Sides sides{std::move(first).value(), std::move(second).value()};
  if (!from_first) std::swap(sides.from, sides.to);
  if (sides.from.member.id == sides.to.member.id) {
    return InvalidInput("invalid_value", "/to", "both sides are the same member");
  }
  return sides;
}

// One note for both sides: each entry commits to the same text.
Json NoteOf(const Transfer& transfer, const Sides& sides) {
  Json note = {{"reason", transfer.reason}};
  for (const Owner* owner : {&sides.from, &sides.to}) {
    if (owner->card) note["cards"][owner->member.account.str()] = owner->card->card.id;
  }
  return note;
}

struct BothAccounts {
  ledger::Account from;
  ledger::Account to;
};

// Locked in ascending order of their ids.
Result<BothAccounts> LoadBoth(Transaction& transaction, const ProgrammeId& programme,
                              const Sides& sides, const ledger::Move& move) {
  const auto load = [&](bool from) {
    return from
               ? transaction.LoadAccount(programme, sides.from.member.account, ledger::NeedOf(move),
                                         transaction.Now())
               : transaction.LoadAccount(programme, sides.to.member.account, {}, transaction.Now());
  };
  const bool from_first = sides.from.member.account < sides.to.member.account;
  auto first = load(from_first);
  if (!first.ok()) return std::move(first).error();
  auto second = load(!from_first);
  if (!second.ok()) return std::move(second).error();
  BothAccounts accounts{std::move(first).value(), std::move(second).value()};
  if (!from_first) std::swap(accounts.from, accounts.to);
  return accounts;
}

// Saves one side with its note, which both sides have.
Status SaveSide(Transaction& transaction, const ProgrammeSite& programme, const Change& change,
                const Movement& movement, const Noted& noted) {
  if (Status saved = SaveMoved(transaction, programme, change, movement); !saved.ok()) {
    return saved;
  }
  return PutNote(transaction, programme.programme.id, change, noted.note);
}

}  // namespace

Result<Booked> Adjust(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                      const Adjustment& adjustment) {
  const ProgrammeId& id = programme.programme.id;
  auto known = FindBooked(transaction, site, id, adjustment);
  if (!known.ok()) return std::move(known).error();
  if (known.value()) return *std::move(known).value();
  auto owner = FindOwner(transaction, programme.programme, adjustment.who, "");
  if (!owner.ok()) return std::move(owner).error();
  Status paid = RequirePaid(transaction, id, owner.value());
  if (!paid.ok()) return std::move(paid).error();
  if (adjustment.points > 0) {
    Status others = RequireNotOwn(transaction, id, adjustment.staff, owner.value().member.id);
    if (!others.ok()) return std::move(others).error();
  }

  ledger::Adjust command{.asset = Points(),
                         .amount = adjustment.points,
                         .expires_at = ledger::kNever,
                         .funder = {},
                         .document = {.type = ledger::DocumentType::kAdjustment,
                                      .source = {},
                                      .id = adjustment.document ? adjustment.document->id : "",
                                      .parent = {}}};
  auto change = MovePoints(transaction, programme, owner.value().member.account, nullptr, command,
                           {.actor = adjustment.staff.actor,
                            .note = NoteOf(adjustment.reason, owner.value(), adjustment.document),
                            .random = site.random.get()});
  if (!change.ok()) return AtField(std::move(change).error(), "/points");
  Booked booked = Summarise(change.value(), EntryType::kAdjust, adjustment.points);
  booked.points.explain = {
      {.entry = booked.entry, .rule = "adjustment", .line_id = {}, .points = adjustment.points}};
  Status remembered = Remember(transaction, site, id, adjustment, booked.entry);
  if (!remembered.ok()) return std::move(remembered).error();
  Status counted = CountByHand(transaction, programme, adjustment.staff, adjustment.points);
  if (!counted.ok()) return std::move(counted).error();
  return booked;
}

Result<BookedTransfer> MoveBetween(Transaction& transaction, const Site& site,
                                   const ProgrammeSite& programme, const Transfer& transfer) {
  auto sides = FindSides(transaction, programme, transfer);
  if (!sides.ok()) return std::move(sides).error();
  Status others = RequireNotOwn(transaction, programme.programme.id, transfer.staff,
                                sides.value().to.member.id);
  if (!others.ok()) return std::move(others).error();
  const ledger::Move move{
      .asset = Points(),
      .amount = transfer.points,
      .document = {.type = ledger::DocumentType::kTransfer,
                   .source = {},
                   .id = "t_" + crypto::MakeUuidV7(transaction.Now(), *site.random),
                   .parent = {}}};
  auto accounts = LoadBoth(transaction, programme.programme.id, sides.value(), move);
  if (!accounts.ok()) return std::move(accounts).error();
  const Movement movement{.actor = transfer.staff.actor,
                          .note = NoteOf(transfer, sides.value()),
                          .random = site.random.get()};
  const Noted noted = ContextOf(transaction, movement);
  auto moved = ledger::ApplyMove(accounts.value().from, accounts.value().to, move, noted.context);
  if (!moved.ok()) return AtField(std::move(moved).error(), "/points");
  const auto& [from, to] = moved.value();
  for (const Change* side : {&from, &to}) {
    if (Status saved = SaveSide(transaction, programme, *side, movement, noted); !saved.ok()) {
      return std::move(saved).error();
    }
  }
  return BookedTransfer{.from = Summarise(from, EntryType::kTransferOut, -transfer.points),
                        .to = Summarise(to, EntryType::kTransferIn, transfer.points)};
}

}  // namespace passmint::issuance
