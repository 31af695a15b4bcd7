#include <utility>

#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {
namespace {

Status Give(Draft& draft, const Adjust& adjust) {
  if (adjust.expires_at <= draft.now()) {
    return Invalid("invalid_command", "what is given would have expired already");
  }
  if (Status room = draft.CheckRoom(adjust.asset, adjust.amount); !room.ok()) return room;
  Lot lot;
  lot.asset = adjust.asset;
  lot.original = adjust.amount;
  lot.activates_at = draft.now();
  lot.expires_at = adjust.expires_at;
  lot.funder = adjust.funder;
  lot.document = adjust.document;
  draft.Create(std::move(lot), Book::kIssuer);
  return {};
}

}  // namespace

Status Decide(Draft& draft, const Adjust& adjust) {
  if (adjust.amount == 0 || adjust.asset.empty()) {
    return Invalid("invalid_command", "an adjustment gives or takes something");
  }
  if (adjust.amount > kAmountMax || adjust.amount < -kAmountMax) {
    return AmountTooLarge("the adjustment");
  }
  draft.Begin(EntryType::kAdjust, adjust.asset, adjust.document);
  if (adjust.amount > 0) {
    if (Status given = Give(draft, adjust); !given.ok()) return given;
  } else {
    const auto taken = draft.Take(adjust.asset, -adjust.amount, kBurn);
    if (!taken.ok()) return taken.error();
  }
  draft.End();
  return draft.OffsetDebt(adjust.document);
}

Status Decide(Draft& draft, const WriteOffDebt& write_off) {
  if (write_off.amount <= 0) return Invalid("invalid_command", "at least 1 is written off");
  if (write_off.amount > kAmountMax) return AmountTooLarge("the write-off");
  const std::int64_t debt = draft.balance(write_off.asset).debt;
  if (debt < write_off.amount) {
    return Conflict("insufficient_debt", "the debt is " + std::to_string(debt) + ", " +
                                             std::to_string(write_off.amount) +
                                             " are to be written off");
  }
  draft.Begin(EntryType::kDebtWriteOff, write_off.asset, write_off.document);
  draft.MoveDebt(write_off.asset, -write_off.amount, Book::kWrittenOff, {});
  draft.End();
  return {};
}

}  // namespace passmint::ledger::internal
