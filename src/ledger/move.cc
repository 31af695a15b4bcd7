#include <utility>

#include "ledger/apply.h"
#include "ledger/donate.h"
#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger {
namespace {

using internal::Draft;

Status Check(const Account& from, const Account& to, const Move& move) {
  if (move.amount > kAmountMax) return internal::AmountTooLarge("the transfer");
  if (move.amount <= 0 || move.asset.empty() || from.id == to.id) {
    return internal::Invalid("invalid_command", "a transfer moves something to another account");
  }
  if (Status alive = internal::CheckAlive(from); !alive.ok()) return alive;
  return internal::CheckAlive(to);
}

// What goes from one side as the other gets it.
std::vector<Lot> Arriving(Draft& from, const std::vector<Hold::Part>& parts, const Move& move,
                          bool gift) {
  std::vector<Lot> lots;
  for (const Hold::Part& part : parts) {
    const Lot& left = *from.FindLot(part.lot);
    Lot lot;
    lot.asset = left.asset;
    lot.original = part.amount;
    lot.activates_at = left.activates_at;
    lot.expires_at = gift ? kNever : left.expires_at;
    if (!gift) lot.slides = left.slides;
    lot.funder = left.funder;
    lot.document = move.document;
    internal::AddToLots(lots, std::move(lot));
  }
  return lots;
}

Status Decide(Draft& from, Draft& to, const Move& move, bool gift) {
  if (Status settled = internal::SettleDue(from); !settled.ok()) return settled;
  if (Status settled = internal::SettleDue(to); !settled.ok()) return settled;
  if (Status room = to.CheckRoom(move.asset, move.amount); !room.ok()) return room;
  if (gift) from.LiveOn();  // To give is an activity, and the entry below says so.

  Entry& out =
      from.Begin(gift ? EntryType::kDonate : EntryType::kTransferOut, move.asset, move.document);
  Entry& in =
      to.Begin(gift ? EntryType::kDonate : EntryType::kTransferIn, move.asset, move.document);
  out.peer = to.account().id.str();
  out.peer_sequence = in.sequence;
  in.peer = from.account().id.str();
  in.peer_sequence = out.sequence;

  const auto parts = from.Take(move.asset, move.amount, internal::kLeave);
  if (!parts.ok()) return parts.error();
  for (Lot& lot : Arriving(from, parts.value(), move, gift))
    to.Create(std::move(lot), Book::kTransit);
  from.End();
  to.End();
  from.totals().moved = move.amount;
  to.totals().moved = move.amount;
  return to.OffsetDebt(move.document);
}

Result<std::pair<Change, Change>> Carry(const Account& from, const Account& to, const Move& move,
                                        const Context& context, bool gift) {
  if (Status valid = Check(from, to, move); !valid.ok()) return std::move(valid).error();
  // One instant for both: what is alive on one side is alive on the other.
  const Context shared = internal::SharedContext(from, to, context);
  Draft leaving(from, shared);
  Draft arriving(to, shared);
  if (Status decided = Decide(leaving, arriving, move, gift); !decided.ok()) {
    return std::move(decided).error();
  }
  return internal::FinishBoth(std::move(leaving), std::move(arriving));
}

}  // namespace

Result<std::pair<Change, Change>> ApplyMove(const Account& from, const Account& to,
                                            const Move& move, const Context& context) {
  return Carry(from, to, move, context, false);
}

Result<std::pair<Change, Change>> ApplyDonation(const Account& from, const Account& to,
                                                const Move& move, const Context& context) {
  return Carry(from, to, move, context, true);
}

}  // namespace passmint::ledger
