#include <algorithm>
#include <chrono>
#include <utility>

#include "ledger/claw_back.h"
#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/refund_plan.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {
namespace {

// Burned points that come back as a lot of their own, since theirs has expired.
struct Grace {
  LotId from = 0;
  std::int64_t amount = 0;
};

class Restoring {
 public:
  Restoring(Draft& draft, const Document& document) : draft_(draft), document_(document) {}

  // Gives back `amount` of what the line burned, what was taken last first. Returns how much of it
  // the member has again.
  Result<std::int64_t> Restore(LineRecord& line, std::int64_t amount) {
    std::int64_t back = 0;
    std::int64_t left = amount;
    for (auto at = line.allocations.rbegin(); at != line.allocations.rend() && left > 0; ++at) {
      const std::int64_t returned = std::min(left, at->taken - at->returned);
      if (returned == 0) continue;
      Lot* lot = draft_.FindLot(at->lot);
      if (lot == nullptr) return LotsNotLoaded("lot " + std::to_string(at->lot) + " of the order");
      at->returned += returned;
      left -= returned;
      const Result<bool> gave = GiveBack(*lot, returned);
      if (!gave.ok()) return gave.error();
      if (gave.value()) back += returned;
    }
    if (left > 0) return Broken("order_record", "a line has burned more than its allocations say");
    return back;
  }

  void MakeGraceLots() {
    for (const Grace& grace : graces_) {
      const Lot& expired = *draft_.FindLot(grace.from);
      Lot lot;
      lot.asset = expired.asset;
      lot.original = grace.amount;
      lot.activates_at = draft_.now();
      lot.expires_at = draft_.now() + draft_.policy().grace;
      lot.funder = expired.funder;
      lot.document = document_;
      lot.restored_from = grace.from;
      draft_.Create(std::move(lot), Book::kBurned);
    }
  }

 private:
  // False if the points are gone.
  Result<bool> GiveBack(Lot& lot, std::int64_t amount) {
    const bool grace = draft_.policy().restore == Policy::Restore::kGrace &&
                       draft_.policy().grace > std::chrono::microseconds(0);
    const bool expired = lot.expires_at <= draft_.now();
    if (expired && grace) {
      AddGrace(lot.id, amount);
      return true;
    }
    if (expired && draft_.policy().restore == Policy::Restore::kForbid) return false;
    if (lot.spent < amount) {
      return Broken("order_record",
                    "lot " + std::to_string(lot.id) + " has spent less than the order burned");
    }
    draft_.Move(lot, expired ? kRestoreExpired : kRestore, amount);
    return !expired;
  }

  void AddGrace(LotId from, std::int64_t amount) {
    const auto found = std::find_if(graces_.begin(), graces_.end(),
                                    [from](const Grace& one) { return one.from == from; });
    if (found != graces_.end()) {
      found->amount += amount;
    } else {
      graces_.push_back({.from = from, .amount = amount});
    }
  }

  Draft& draft_;
  const Document& document_;
  std::vector<Grace> graces_;
};

// The loaded lots of `asset` among those that an order made, in spend order.
Result<std::vector<Lot*>> OwnLots(Draft& draft, const AssetId& asset,
                                  const std::vector<LotId>& made) {
  std::vector<Lot*> own;
  std::size_t found = 0;
  for (std::size_t i = 0; i < draft.account().lots.size(); ++i) {
    Lot& lot = draft.LotAt(i);
    if (std::find(made.begin(), made.end(), lot.id) == made.end()) continue;
    ++found;
    if (lot.asset == asset) own.push_back(&lot);
  }
  if (found != made.size()) return LotsNotLoaded("a lot that the order earned");
  return own;
}

// What no lot could give: owed, or let go. Returns how much is owed.
Result<std::int64_t> Owe(Draft& draft, const AssetId& asset, std::int64_t amount,
                         const std::string& funder) {
  if (draft.policy().debt != Policy::Debt::kUnlimited) {
    draft.Post(asset, Book::kWrittenOff, Book::kIssuer, amount, funder);
    return 0;
  }
  std::int64_t debt = draft.balance(asset).debt;
  if (!AddTo(debt, amount) || debt > draft.policy().debt_limit) {
    return Conflict("debt_limit", "the refund would leave a debt of more than " +
                                      std::to_string(draft.policy().debt_limit));
  }
  draft.MoveDebt(asset, amount, Book::kIssuer, funder);
  return amount;
}

// Takes back what the order earned: from its own lots, then from others, then as debt. What
// expired there goes back to who issued it and costs the member nothing. Returns how much was taken
// or is owed: not what the policy lets go.
Result<std::int64_t> TakeBack(Draft& draft, const AssetId& asset, const std::vector<LotId>& made,
                              std::int64_t amount) {
  if (amount == 0) return amount;
  const Result<std::vector<Lot*>> own = OwnLots(draft, asset, made);
  if (!own.ok()) return own.error();
  const bool active = draft.policy().debt != Policy::Debt::kOnlyPending;
  std::int64_t left = amount;
  for (const Flow& flow : {kClawPending, kClaw, kClawExpired}) {
    if (flow.from == kClaw.from && !active) continue;
    for (Lot* lot : own.value()) {
      const std::int64_t taken = std::min(left, lot->*flow.from);
      draft.Move(*lot, flow, taken);
      left -= taken;
    }
  }
  if (active && left > 0) {
    const std::int64_t taken = std::min(left, draft.balance(asset).available);
    const auto parts = draft.Take(asset, taken, kClaw);
    if (!parts.ok()) return parts.error();
    left -= taken;
  }
  if (left == 0) return amount;
  const std::string funder = own.value().empty() ? std::string() : own.value().front()->funder;
  const Result<std::int64_t> owed = Owe(draft, asset, left, funder);
  if (!owed.ok()) return owed.error();
  return amount - left + owed.value();
}

LineRefund& RefundOf(Draft& draft, std::size_t line) {
  std::vector<LineRefund>& refunded = draft.change().refunded;
  return *std::find_if(refunded.begin(), refunded.end(),
                       [line](const LineRefund& one) { return one.line == line; });
}

Status RestoreAll(Draft& draft, const Document& document, RefundPlan& plan) {
  if (Status room = draft.CheckRoom(plan.after.asset, plan.restore); !room.ok()) return room;
  draft.Begin(EntryType::kRestore, plan.after.asset, document);
  Restoring restoring(draft, document);
  for (const RefundPlan::Line& line : plan.lines) {
    const auto back = restoring.Restore(plan.after.lines[line.line], line.restore);
    if (!back.ok()) return back.error();
    RefundOf(draft, line.line).restored = back.value();
    draft.totals().restored += back.value();
  }
  restoring.MakeGraceLots();
  if (plan.claw == 0) draft.entry().order = plan.after;
  draft.End();
  return {};
}

Status ClawBackAll(Draft& draft, const Document& document, const RefundPlan& plan) {
  draft.Begin(EntryType::kClawBack, plan.after.asset, document);
  const Result<std::int64_t> taken = TakeBack(draft, plan.after.asset, plan.after.lots, plan.claw);
  if (!taken.ok()) return taken.error();
  std::int64_t left = taken.value();
  for (const RefundPlan::Line& line : plan.lines) {
    const std::int64_t share = std::min(left, line.claw);
    RefundOf(draft, line.line).clawed_back = share;
    left -= share;
  }
  draft.totals().clawed_back = taken.value();
  draft.entry().order = plan.after;
  draft.End();
  return {};
}

}  // namespace

Status Decide(Draft& draft, const OrderRecord* order, const Refund& refund) {
  if (order == nullptr) return Invalid("invalid_command", "a refund needs its order");
  Result<RefundPlan> planned = PlanRefund(*order, refund);
  if (!planned.ok()) return std::move(planned).error();
  RefundPlan& plan = planned.value();
  for (const RefundPlan::Line& line : plan.lines) {
    draft.change().refunded.push_back(
        {.line = line.line, .amount = line.amount, .restored = 0, .clawed_back = 0});
  }
  const Document document{.type = DocumentType::kRefund,
                          .source = order->key.source,
                          .id = refund.refund_id,
                          .parent = order->key.id};
  // Restore first, so that a refund never makes a debt that it could cover itself.
  if (plan.restore > 0) {
    if (Status restored = RestoreAll(draft, document, plan); !restored.ok()) return restored;
  }
  // A refund that moves no points has an entry too: it holds the order's counters.
  if (plan.claw > 0 || plan.restore == 0) {
    if (Status clawed = ClawBackAll(draft, document, plan); !clawed.ok()) return clawed;
  }
  draft.change().order = std::move(plan.after);
  return draft.OffsetDebt(document);
}

}  // namespace passmint::ledger::internal

namespace passmint::ledger {

Need NeedOf(const ClawBack& claw_back) {
  Need need;
  need.cover.emplace(claw_back.asset, claw_back.amount);
  need.lots = claw_back.lots;
  return need;
}

Result<Change> ApplyClawBack(Account account, const ClawBack& claw_back, const Context& context) {
  if (claw_back.amount <= 0 || claw_back.amount > kAmountMax || claw_back.asset.empty()) {
    return internal::Invalid("invalid_command", "a claw-back takes something");
  }
  if (Status alive = internal::CheckAlive(account); !alive.ok()) return std::move(alive).error();
  internal::Draft draft(std::move(account), context);
  if (Status settled = internal::SettleDue(draft); !settled.ok()) return std::move(settled).error();
  draft.Begin(EntryType::kClawBack, claw_back.asset, claw_back.document);
  const auto taken = internal::TakeBack(draft, claw_back.asset, claw_back.lots, claw_back.amount);
  if (!taken.ok()) return taken.error();
  draft.totals().clawed_back = taken.value();
  draft.End();
  return std::move(draft).Finish();
}

}  // namespace passmint::ledger
