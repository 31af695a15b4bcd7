#include "ledger/apply.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/refund_plan.h"

namespace passmint::ledger {
namespace {

Need Cover(const AssetId& asset, std::int64_t amount) {
  Need need;
  if (amount > 0) need.cover.emplace(asset, amount);
  return need;
}

Need NeedOfPay(const PayOrder& pay) {
  if (pay.hold.has_value()) return {};  // Held lots are always there.
  std::int64_t burned = 0;
  for (const LineRecord& line : pay.order.lines) {
    if (!internal::AddTo(burned, line.burned)) return {};  // Apply refuses it.
  }
  return Cover(pay.order.asset, burned);
}

// Lots that give and take nothing are left out.
Need NeedOfRefund(const OrderRecord* order, const Refund& refund) {
  if (order == nullptr) return {};
  const auto planned = internal::PlanRefund(*order, refund);
  if (!planned.ok()) return {};
  const internal::RefundPlan& plan = planned.value();
  Need need = Cover(order->asset, plan.claw);
  if (plan.claw > 0) need.lots = order->lots;
  for (const internal::RefundPlan::Line& line : plan.lines) {
    if (line.restore == 0) continue;
    for (const Allocation& allocation : order->lines[line.line].allocations) {
      if (allocation.returned < allocation.taken) need.lots.push_back(allocation.lot);
    }
  }
  return need;
}

}  // namespace

Need NeedOf(const OrderRecord* order, const Command& command) {
  if (const auto* pay = std::get_if<PayOrder>(&command)) return NeedOfPay(*pay);
  if (const auto* refund = std::get_if<Refund>(&command)) return NeedOfRefund(order, *refund);
  if (const auto* place = std::get_if<PlaceHold>(&command)) {
    return Cover(place->asset, place->amount);
  }
  if (const auto* adjust = std::get_if<Adjust>(&command)) {
    const bool takes = adjust->amount < 0 && adjust->amount >= -kAmountMax;
    return Cover(adjust->asset, takes ? -adjust->amount : 0);
  }
  return {};
}

Need NeedOf(const Move& move) { return Cover(move.asset, move.amount); }

}  // namespace passmint::ledger
