#include "ledger/internal/order_parts.h"

#include <algorithm>
#include <utility>

#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {
namespace {

constexpr std::size_t kLinesMax = 1000;

Status CheckLine(const LineRecord& line) {
  if (line.quantity <= 0 || line.quantity > kAmountMax) {
    return Invalid("invalid_command", "a line's quantity is positive");
  }
  for (const std::int64_t amount : {line.paid, line.value, line.earned, line.burned}) {
    if (amount < 0) return Invalid("invalid_command", "a line's amounts are not negative");
  }
  if ((line.earned > 0 && line.paid == 0) || (line.burned > 0 && line.value == 0)) {
    return Invalid("invalid_command", "points are earned by money and burned for a value");
  }
  return {};
}

Status CheckTerm(const Earning& earning) {
  if (!earning.slides) return {};
  const auto counts = [](int count) { return count >= 0 && count <= kTermCountMax; };
  if (earning.expires_at == kNever || !counts(earning.slides->months) ||
      !counts(earning.slides->days)) {
    return Invalid("invalid_command", "what slides ends, after a term of calendar time");
  }
  return {};
}

}  // namespace

Result<Sums> SumUp(const OrderRecord& order) {
  if (order.lines.empty() || order.lines.size() > kLinesMax) {
    return Invalid("invalid_command", "an order has 1 to 1000 lines");
  }
  Sums sums;
  for (const LineRecord& line : order.lines) {
    if (Status valid = CheckLine(line); !valid.ok()) return std::move(valid).error();
    if (!AddTo(sums.gross, line.paid) || !AddTo(sums.gross, line.value) ||
        !AddTo(sums.earned, line.earned) || !AddTo(sums.burned, line.burned)) {
      return AmountTooLarge("the order's sum");
    }
  }
  for (const Grant& grant : order.grants) {
    if (grant.points < 0) return Invalid("invalid_command", "a grant is not negative");
    if (!AddTo(sums.earned, grant.points)) return AmountTooLarge("the order's sum");
  }
  return sums;
}

Status CheckEarnings(const Draft& draft, const std::vector<Earning>& earnings) {
  for (const Earning& earning : earnings) {
    if (earning.amount > kAmountMax) return AmountTooLarge("an earning");
    if (earning.amount <= 0 || earning.asset.empty() ||
        earning.expires_at <= earning.activates_at) {
      return Invalid("invalid_command", "an earning is positive and ends after it begins");
    }
    if (Status valid = CheckTerm(earning); !valid.ok()) return valid;
    std::int64_t sum = 0;  // Of its asset, up to it.
    for (const Earning* other = earnings.data(); other <= &earning; ++other) {
      if (other->asset == earning.asset && !AddTo(sum, other->amount)) {
        return AmountTooLarge("the earnings' sum");
      }
    }
    if (Status room = draft.CheckRoom(earning.asset, sum); !room.ok()) return room;
  }
  return {};
}

OrderRecord Fresh(OrderRecord order) {
  for (LineRecord& line : order.lines) {
    line.quantity_refunded = line.paid_refunded = line.value_refunded = 0;
    line.clawed = line.restored = 0;
    line.allocations.clear();
  }
  for (Grant& grant : order.grants) grant.clawed = 0;
  order.lots.clear();
  return order;
}

void Allocate(std::vector<LineRecord>& lines, std::vector<Hold::Part> parts) {
  auto part = parts.begin();
  for (LineRecord& line : lines) {
    for (std::int64_t left = line.burned; left > 0;) {
      const std::int64_t taken = std::min(left, part->amount);
      line.allocations.push_back({.lot = part->lot, .taken = taken, .returned = 0});
      left -= taken;
      part->amount -= taken;
      if (part->amount == 0) ++part;
    }
  }
}

std::vector<Lot> LotsOf(const std::vector<Earning>& earnings, const Document& document) {
  std::vector<Lot> lots;
  for (const Earning& earning : earnings) {
    Lot lot;
    lot.asset = earning.asset;
    lot.original = earning.amount;
    lot.activates_at = earning.activates_at;
    lot.expires_at = earning.expires_at;
    lot.slides = earning.slides;
    lot.funder = earning.funder;
    lot.document = document;
    AddToLots(lots, std::move(lot));
  }
  return lots;
}

}  // namespace passmint::ledger::internal
