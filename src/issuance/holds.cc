#include "issuance/holds.h"

#include <algorithm>
#include <utility>

#include "issuance/card_life.h"
#include "issuance/organisations.h"
#include "issuance/points.h"

namespace passmint::issuance {
namespace {

using ledger::Change;
using ledger::Hold;
using ledger::HoldState;

Error UnknownHold() { return {.code = ErrorCode::kNotFound, .message = "no hold with that id"}; }

Error Ended(const Hold& hold) {
  if (hold.state == HoldState::kExpired) {
    return {
        .code = ErrorCode::kConflict, .message = "the hold has expired", .reason = "hold_expired"};
  }
  return {.code = ErrorCode::kConflict,
          .message = hold.state == HoldState::kCaptured ? "the hold was captured already"
                                                        : "the hold was voided already",
          .reason = "hold_ended"};
}

// Where the hold is, with its member locked: nothing about it changes from now on.
Result<LocatedHold> Locate(Transaction& transaction, const ProgrammeId& programme,
                           const HoldId& id) {
  auto located = transaction.FindHold(programme, id);
  if (!located.ok()) return std::move(located).error();
  if (!located.value()) return UnknownHold();
  auto member = transaction.FindMember(programme, OwnerOf(located.value()->account));
  if (!member.ok()) return std::move(member).error();
  // It may have ended, or moved with a merge, before the lock.
  auto again = transaction.FindHold(programme, id);
  if (!again.ok()) return std::move(again).error();
  if (!again.value()) return UnknownHold();
  if (again.value()->account != located.value()->account) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "the hold's member is just being merged",
                 .reason = "lost_race"};
  }
  return *std::move(again).value();
}

const Hold* Find(const std::vector<Hold>& holds, const HoldId& id) {
  const auto found =
      std::find_if(holds.begin(), holds.end(), [&id](const Hold& hold) { return hold.id == id; });
  return found == holds.end() ? nullptr : &*found;
}

// A hold that is open in its row and not in its account has just been ended by time: looked at
// again it says so.
Error FromLedger(Error error) {
  if (error.reason != "hold_unknown") return AtField(std::move(error), "/points");
  return {.code = ErrorCode::kUnavailable,
          .message = "the hold is just being ended",
          .reason = "lost_race"};
}

// The hold as a change left it.
HoldOutcome Outcome(const Change& change, const HoldId& id) {
  const Hold* hold = Find(change.account.holds, id);
  if (hold == nullptr) hold = Find(change.ended, id);
  return {.hold = {.hold = hold == nullptr ? Hold{} : *hold, .member = OwnerOf(change.account.id)},
          .points = Summary(change)};
}

// Whether the card that was shown for the hold may still pay.
Status RequireUsableCard(Transaction& transaction, const ProgrammeId& programme,
                         const LocatedHold& located) {
  if (located.card.empty()) {
    Owner owner;
    owner.member.id = OwnerOf(located.account);
    return RequireUsable(transaction, programme, owner);
  }
  auto card = transaction.FindCard(programme, located.card);
  if (!card.ok()) return std::move(card).error();
  if (!card.value()) return Error{.code = ErrorCode::kInternal, .message = "hold without its card"};
  Status acts = RequireActing(transaction, programme, OwnerOf(located.account), *card.value());
  if (!acts.ok()) return acts;
  return RequireUsable({.card = *std::move(card).value(), .compromised = false}, transaction.Now());
}

Error OtherOrder(const Hold& hold) {
  return {.code = ErrorCode::kConflict,
          .message = "the hold is for order " + hold.order_id,
          .reason = "conflict"};
}

// The open hold in its account, or nothing.
Result<std::optional<Hold>> OpenHold(Transaction& transaction, const ProgrammeId& programme,
                                     const LocatedHold& located, const HoldId& id) {
  auto account = transaction.LoadAccount(programme, located.account, {}, transaction.Now());
  if (!account.ok()) return std::move(account).error();
  const Hold* hold = Find(account.value().holds, id);
  if (hold == nullptr) return std::optional<Hold>();
  return std::optional<Hold>(*hold);
}

Status CheckCapture(Transaction& transaction, const ProgrammeId& programme,
                    const LocatedHold& located, const Capture& capture) {
  if (located.ended) return Ended(*located.ended);
  if (Status usable = RequireUsableCard(transaction, programme, located); !usable.ok()) {
    return usable;
  }
  if (!capture.order_id) return {};
  auto hold = OpenHold(transaction, programme, located, capture.id);
  if (!hold.ok()) return std::move(hold).error();
  if (!hold.value() || hold.value()->order_id.empty()) return {};
  return hold.value()->order_id == *capture.order_id ? Status() : Status(OtherOrder(*hold.value()));
}

}  // namespace

std::int64_t HoldView::points() const {
  std::int64_t sum = 0;
  for (const Hold::Part& part : hold.parts) sum += part.amount;
  return sum;
}

Result<HoldOutcome> CreateHold(Transaction& transaction, const Site& site,
                               const ProgrammeSite& programme, const HoldRequest& request) {
  const ProgrammeId& id = programme.programme.id;
  auto owner = FindOwner(transaction, programme.programme, request.who, "");
  if (!owner.ok()) return std::move(owner).error();
  if (Status usable = RequireUsable(transaction, id, owner.value()); !usable.ok()) {
    return std::move(usable).error();
  }
  const AccountId account = owner.value().member.account;
  const HoldId hold = MakeHoldId(transaction.Now(), *site.random);
  const std::string card = owner.value().card ? owner.value().card->card.id : std::string();
  auto inserted = transaction.InsertHold(id, hold, account, card);
  if (!inserted.ok()) return std::move(inserted).error();
  if (!inserted.value()) {
    return Error{.code = ErrorCode::kInternal, .message = "a hold's random id is taken"};
  }
  auto change = MovePoints(transaction, programme, account, nullptr,
                           ledger::PlaceHold{.id = hold,
                                             .asset = ledger::AssetId(ledger::kPointsAsset),
                                             .amount = request.points,
                                             .lifetime = request.lifetime,
                                             .order_source = request.source,
                                             .order_id = request.order_id},
                           {.actor = request.actor, .note = nullptr, .random = nullptr});
  if (!change.ok()) return AtField(std::move(change).error(), "/points");
  return Outcome(change.value(), hold);
}

Result<HoldView> GetHold(Transaction& transaction, const ProgrammeId& programme, const HoldId& id) {
  auto located = transaction.FindHold(programme, id);
  if (!located.ok()) return std::move(located).error();
  if (!located.value()) return UnknownHold();
  const MemberId member = OwnerOf(located.value()->account);
  if (located.value()->ended) return HoldView{.hold = *located.value()->ended, .member = member};
  auto open = OpenHold(transaction, programme, *located.value(), id);
  if (!open.ok()) return std::move(open).error();
  if (!open.value()) {
    return Error{.code = ErrorCode::kInternal, .message = "an open hold is not in its account"};
  }
  HoldView view{.hold = *std::move(open).value(), .member = member};
  if (view.hold.expires_at <= transaction.Now()) view.hold.state = HoldState::kExpired;
  return view;
}

Result<HoldOutcome> CaptureHold(Transaction& transaction, const Site& site,
                                const ProgrammeSite& programme, const Capture& capture) {
  const ProgrammeId& id = programme.programme.id;
  auto located = Locate(transaction, id, capture.id);
  if (!located.ok()) return std::move(located).error();
  if (Status may = CheckCapture(transaction, id, located.value(), capture); !may.ok()) {
    return std::move(may).error();
  }
  Movement movement{.actor = capture.actor, .random = site.random.get(), .activity = true};
  if (capture.order_id) movement.note = {{"order_id", *capture.order_id}};
  auto change =
      MovePoints(transaction, programme, located.value().account, nullptr,
                 ledger::CaptureHold{.id = capture.id, .amount = capture.points}, movement);
  if (!change.ok()) return FromLedger(std::move(change).error());
  return Outcome(change.value(), capture.id);
}

Result<HoldOutcome> VoidHold(Transaction& transaction, const ProgrammeSite& programme,
                             const HoldId& id, const std::string& actor) {
  const ProgrammeId& programme_id = programme.programme.id;
  auto located = Locate(transaction, programme_id, id);
  if (!located.ok()) return std::move(located).error();
  const AccountId& account = located.value().account;
  if (const auto& ended = located.value().ended) {
    if (ended->state == HoldState::kCaptured) return Ended(*ended);
    auto points = PointsOf(transaction, programme_id, account);
    if (!points.ok()) return std::move(points).error();
    return HoldOutcome{.hold = {.hold = *ended, .member = OwnerOf(account)},
                       .points = std::move(points).value()};
  }
  auto change = MovePoints(transaction, programme, account, nullptr, ledger::VoidHold{.id = id},
                           {.actor = actor, .note = nullptr, .random = nullptr});
  if (!change.ok()) return FromLedger(std::move(change).error());
  return Outcome(change.value(), id);
}

}  // namespace passmint::issuance
