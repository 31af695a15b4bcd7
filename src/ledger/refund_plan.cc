#include "ledger/internal/refund_plan.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "ledger/after_refund.h"
#include "ledger/arithmetic.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {
namespace {

// What a line's refund takes of its two groups.
struct Draw {
  std::int64_t money = 0;
  std::int64_t points = 0;
};

Error OverRefund(std::int64_t amount, std::int64_t left) {
  return Invalid("over_refund", "the refund is of " + std::to_string(amount) + ", " +
                                    std::to_string(left) + " are left");
}

// `whole` * part / of, exact at both ends.
std::int64_t Share(std::int64_t whole, std::int64_t part, std::int64_t of) {
  return part == of ? whole : MulDiv(whole, part, of);
}

// Money first, or the named group alone. `slack` is how much of rounding may spill over.
Result<Draw> DrawFrom(const LineRecord& line, Group group, std::int64_t amount,
                      std::int64_t slack) {
  const std::int64_t money_left = line.paid - line.paid_refunded;
  const std::int64_t points_left = line.value - line.value_refunded;
  const bool points_first = group == Group::kPoints;
  const std::int64_t first_left = points_first ? points_left : money_left;
  const std::int64_t other_left = points_first ? money_left : points_left;
  const std::int64_t first = std::min(amount, first_left);
  const std::int64_t other = amount - first;
  const std::int64_t spill = group == Group::kAny ? other_left : std::min(slack, other_left);
  if (other > spill) {
    return OverRefund(amount, group == Group::kAny ? line.gross_left() : first_left);
  }
  return points_first ? Draw{.money = other, .points = first}
                      : Draw{.money = first, .points = other};
}

// Units cost what the line cost, in cumulative floors: all units together cost all of it. The
// prices of a line's units differ by a minor unit at most, so a group that was paid in units may
// lack as many minor units as there are units, and the other group has them.
Result<Draw> DrawUnits(LineRecord& line, const RefundLine& refund) {
  const Quantity left = line.quantity - line.quantity_refunded;
  if (refund.quantity > left) return OverRefund(refund.quantity, left);
  const std::int64_t before = Share(line.gross(), line.quantity_refunded, line.quantity);
  line.quantity_refunded += refund.quantity;
  const std::int64_t after = Share(line.gross(), line.quantity_refunded, line.quantity);
  const std::int64_t units = (line.quantity + kUnit - 1) / kUnit;
  return DrawFrom(line, refund.group, after - before, units);
}

RefundPlan::Line& LineOf(RefundPlan& plan, std::size_t line) {
  const auto found = std::find_if(plan.lines.begin(), plan.lines.end(),
                                  [line](const RefundPlan::Line& one) { return one.line == line; });
  if (found != plan.lines.end()) return *found;
  return plan.lines.emplace_back(
      RefundPlan::Line{.line = line, .amount = 0, .restore = 0, .claw = 0});
}

// Moves the line's counters. Points follow as cumulative floors, so that parts add up exactly.
void Count(RefundPlan& plan, std::size_t index, const Draw& draw) {
  LineRecord& line = plan.after.lines[index];
  line.paid_refunded += draw.money;
  line.value_refunded += draw.points;
  const std::int64_t clawed = Share(line.earned, line.paid_refunded, line.paid);
  const std::int64_t restored = Share(line.burned, line.value_refunded, line.value);
  RefundPlan::Line& counted = LineOf(plan, index);
  counted.amount += draw.money + draw.points;
  counted.claw += clawed - line.clawed;
  counted.restore += restored - line.restored;
  plan.claw += clawed - line.clawed;
  plan.restore += restored - line.restored;
  line.clawed = clawed;
  line.restored = restored;
}

Status CheckLines(const OrderRecord& order, const Refund& refund) {
  std::set<std::pair<std::size_t, Group>> seen;
  for (const RefundLine& line : refund.lines) {
    if (line.line >= order.lines.size() || !seen.insert({line.line, line.group}).second) {
      return Invalid("invalid_command", "a refund names lines of the order, each once per group");
    }
    if (line.amount < 0 || line.quantity < 0 || (line.amount > 0) == (line.quantity > 0)) {
      return Invalid("invalid_command", "a line's refund is an amount or a quantity");
    }
    if (line.amount > kAmountMax) return AmountTooLarge("the refund");
  }
  return {};
}

Status PlanLines(RefundPlan& plan, const Refund& refund) {
  for (const RefundLine& named : refund.lines) {
    LineRecord& line = plan.after.lines[named.line];
    const Result<Draw> draw =
        named.quantity > 0 ? DrawUnits(line, named) : DrawFrom(line, named.group, named.amount, 0);
    if (!draw.ok()) return draw.error();
    Count(plan, named.line, draw.value());
  }
  return {};
}

Status PlanAmount(RefundPlan& plan, std::int64_t amount) {
  if (amount > kAmountMax) return AmountTooLarge("the refund");
  std::vector<std::int64_t> left;
  std::int64_t sum = 0;
  for (const LineRecord& line : plan.after.lines) {
    left.push_back(line.gross_left());
    sum += left.back();
  }
  if (amount > sum) return OverRefund(amount, sum);
  const std::vector<std::int64_t> shares = Split(amount, left);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] == 0) continue;
    const Result<Draw> draw = DrawFrom(plan.after.lines[i], Group::kAny, shares[i], 0);
    if (!draw.ok()) return draw.error();
    Count(plan, i, draw.value());
  }
  return {};
}

// Grants go whole: those that the refund names, and all with the last of the money; if money paid
// nothing, with the last of the order.
void PlanGrants(RefundPlan& plan, const Refund& refund) {
  std::int64_t paid = 0;
  std::int64_t paid_left = 0;
  std::int64_t gross_left = 0;
  for (const LineRecord& line : plan.after.lines) {
    paid += line.paid;
    paid_left += line.paid - line.paid_refunded;
    gross_left += line.gross_left();
  }
  const bool all = (paid > 0 ? paid_left : gross_left) == 0;
  for (std::size_t i = 0; i < plan.after.grants.size(); ++i) {
    const auto& lost = refund.lost_grants;
    if (!all && std::find(lost.begin(), lost.end(), i) == lost.end()) continue;
    Grant& grant = plan.after.grants[i];
    plan.claw += grant.points - grant.clawed;
    grant.clawed = grant.points;
  }
}

Status CheckGrants(const OrderRecord& order, const Refund& refund) {
  const bool known = std::all_of(refund.lost_grants.begin(), refund.lost_grants.end(),
                                 [&order](std::size_t i) { return i < order.grants.size(); });
  return known ? Status() : Invalid("invalid_command", "a refund names grants of the order");
}

}  // namespace

Result<RefundPlan> PlanRefund(const OrderRecord& order, const Refund& refund) {
  if (refund.amount < 0 || refund.lines.empty() == (refund.amount == 0)) {
    return Invalid("invalid_command", "a refund names lines or a positive amount");
  }
  if (Status valid = CheckLines(order, refund); !valid.ok()) return std::move(valid).error();
  if (Status valid = CheckGrants(order, refund); !valid.ok()) return std::move(valid).error();
  RefundPlan plan{.after = order, .lines = {}, .restore = 0, .claw = 0};
  Status planned = refund.lines.empty() ? PlanAmount(plan, refund.amount) : PlanLines(plan, refund);
  if (!planned.ok()) return std::move(planned).error();
  PlanGrants(plan, refund);
  return plan;
}

}  // namespace passmint::ledger::internal

namespace passmint::ledger {

Result<OrderRecord> AfterRefund(const OrderRecord& order, const Refund& refund) {
  auto plan = internal::PlanRefund(order, refund);
  if (!plan.ok()) return std::move(plan).error();
  return std::move(plan.value().after);
}

}  // namespace passmint::ledger
