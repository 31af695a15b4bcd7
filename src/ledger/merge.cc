#include <utility>
#include <vector>

#include "ledger/apply.h"
#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger {
namespace {

using internal::Draft;

Status Check(const Account& loser, const Account& winner) {
  if (loser.id == winner.id) {
    return internal::Invalid("invalid_command", "an account cannot be merged with itself");
  }
  if (Status alive = internal::CheckAlive(loser); !alive.ok()) return alive;
  return internal::CheckAlive(winner);
}

Status CheckRoom(const Draft& loser, const Draft& winner) {
  for (const auto& [asset, has] : loser.account().balances) {
    const std::int64_t lots = has.pending + has.available + has.held;
    if (Status room = winner.CheckRoom(asset, lots); !room.ok()) return room;
    std::int64_t debt = winner.balance(asset).debt;
    if (!internal::AddTo(debt, has.debt)) return internal::AmountTooLarge("the account's debt");
  }
  return {};
}

std::vector<Lot> Renumbered(std::vector<Lot> lots, LotId offset) {
  for (Lot& lot : lots) {
    lot.id += offset;
    if (lot.restored_from != 0) lot.restored_from += offset;
  }
  return lots;
}

std::vector<Hold> Renumbered(std::vector<Hold> holds, LotId offset) {
  for (Hold& hold : holds) {
    for (Hold::Part& part : hold.parts) part.lot += offset;
  }
  return holds;
}

// The loser keeps its lots as a record, with what was open in them gone elsewhere.
void Leave(Draft& loser, const AccountId& winner, LotId offset) {
  for (std::size_t i = 0; i < loser.account().lots.size(); ++i) {
    Lot& lot = loser.LotAt(i);
    loser.Move(lot, internal::kLeavePending, lot.pending);
    loser.Move(lot, internal::kLeave, lot.available);
    loser.Move(lot, internal::kLeaveHeld, lot.held);
  }
  for (const auto& [asset, has] : loser.account().balances) {
    if (has.debt > 0) loser.MoveDebt(asset, -has.debt, Book::kTransit, {});
  }
  loser.MergeInto(winner, offset);
}

Status Decide(Draft& loser, Draft& winner, const Document& document) {
  if (Status settled = internal::SettleDue(loser); !settled.ok()) return settled;
  if (Status settled = internal::SettleDue(winner); !settled.ok()) return settled;
  if (Status room = CheckRoom(loser, winner); !room.ok()) return room;

  const LotId offset = winner.account().next_lot - 1;
  const AssetId points{kPointsAsset};
  Entry& out = loser.Begin(EntryType::kMerge, points, document);
  Entry& in = winner.Begin(EntryType::kMerge, points, document);
  out.peer = winner.account().id.str();
  out.peer_sequence = in.sequence;
  in.peer = loser.account().id.str();
  in.peer_sequence = out.sequence;
  out.lot_offset = in.lot_offset = offset;

  const std::int64_t available = loser.balance(points).available;
  winner.Adopt(Renumbered(loser.account().lots, offset));
  for (const Hold& hold : Renumbered(loser.account().holds, offset)) winner.Open(hold);
  for (const auto& [asset, has] : loser.account().balances) {
    if (has.debt > 0) winner.MoveDebt(asset, has.debt, Book::kTransit, {});
  }
  Leave(loser, winner.account().id, offset);
  loser.End();
  winner.End();
  loser.totals().moved = available;
  winner.totals().moved = available;
  return winner.OffsetDebt(document);
}

}  // namespace

Result<std::pair<Change, Change>> ApplyMerge(const Account& loser, const Account& winner,
                                             const Document& document, const Context& context) {
  if (Status valid = Check(loser, winner); !valid.ok()) return std::move(valid).error();
  if (Status whole = CheckInvariants(loser, true); !whole.ok()) return std::move(whole).error();
  const Context shared = internal::SharedContext(loser, winner, context);
  Draft ending(loser, shared);
  Draft living(winner, shared);
  if (Status decided = Decide(ending, living, document); !decided.ok()) {
    return std::move(decided).error();
  }
  return internal::FinishBoth(std::move(ending), std::move(living));
}

OrderRecord Follow(OrderRecord order, LotId merged_offset) {
  for (LotId& lot : order.lots) lot += merged_offset;
  for (LineRecord& line : order.lines) {
    for (Allocation& allocation : line.allocations) allocation.lot += merged_offset;
  }
  return order;
}

}  // namespace passmint::ledger
