#include <algorithm>
#include <utility>

#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
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

// What an order's lines come to.
struct Sums {
  std::int64_t gross = 0;
  std::int64_t earned = 0;  // With grants.
  std::int64_t burned = 0;
};

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

Status CheckEarnings(const Draft& draft, const PayOrder& pay, std::int64_t earned) {
  std::int64_t in_asset = 0;
  for (const Earning& earning : pay.earnings) {
    if (earning.amount > kAmountMax) return AmountTooLarge("an earning");
    if (earning.amount <= 0 || earning.asset.empty() ||
        earning.expires_at <= earning.activates_at) {
      return Invalid("invalid_command", "an earning is positive and ends after it begins");
    }
    std::int64_t sum = 0;  // Of its asset, up to it.
    for (const Earning* other = pay.earnings.data(); other <= &earning; ++other) {
      if (other->asset == earning.asset && !AddTo(sum, other->amount)) {
        return AmountTooLarge("the order's sum");
      }
    }
    if (Status room = draft.CheckRoom(earning.asset, sum); !room.ok()) return room;
    if (earning.asset == pay.order.asset) in_asset = sum;
  }
  if (in_asset != earned) {
    return Invalid("invalid_command", "the earnings do not sum up to what the lines earned");
  }
  return {};
}

// What Apply fills is empty at first.
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

// The first line gets what was taken first. REQUIRES: the parts sum up to what the lines burned.
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

// From the hold, which ends with it, or from what is available.
Result<std::vector<Hold::Part>> Burn(Draft& draft, const PayOrder& pay, const Document& document,
                                     std::int64_t amount) {
  if (!pay.hold.has_value()) {
    draft.Begin(EntryType::kBurn, pay.order.asset, document);
    return draft.Take(pay.order.asset, amount, kBurn);
  }
  Result<Hold> found = HoldToCapture(draft, *pay.hold, amount);
  if (!found.ok()) return std::move(found).error();
  Hold hold = std::move(found).value();
  if (hold.asset != pay.order.asset) {
    return Invalid("invalid_command", "the hold is of another asset");
  }
  hold.state = HoldState::kCaptured;
  hold.captured = amount;
  draft.Begin(EntryType::kCapture, pay.order.asset, document);
  return EndHold(draft, hold);
}

std::vector<Lot> LotsOf(const std::vector<Earning>& earnings, const Document& document) {
  std::vector<Lot> lots;
  for (const Earning& earning : earnings) {
    Lot lot;
    lot.asset = earning.asset;
    lot.original = earning.amount;
    lot.activates_at = earning.activates_at;
    lot.expires_at = earning.expires_at;
    lot.funder = earning.funder;
    lot.document = document;
    AddToLots(lots, std::move(lot));
  }
  return lots;
}

void Earn(Draft& draft, const PayOrder& pay, const Document& document, OrderRecord& order) {
  Entry& entry = draft.Begin(EntryType::kEarn, order.asset, document);
  for (const Earning& earning : pay.earnings) {
    entry.derivations.insert(entry.derivations.end(), earning.derivations.begin(),
                             earning.derivations.end());
  }
  for (Lot& lot : LotsOf(pay.earnings, document)) {
    order.lots.push_back(draft.Create(std::move(lot), Book::kIssuer));
  }
  entry.order = order;
  draft.End();
}

}  // namespace

Status Decide(Draft& draft, const PayOrder& pay) {
  const Result<Sums> sums = SumUp(pay.order);
  if (!sums.ok()) return sums.error();
  const std::int64_t burned = sums.value().burned;
  const std::int64_t earned = sums.value().earned;
  if (Status valid = CheckEarnings(draft, pay, earned); !valid.ok()) return valid;

  const Document document{.type = DocumentType::kOrder,
                          .source = pay.order.key.source,
                          .id = pay.order.key.id,
                          .parent = {}};
  OrderRecord order = Fresh(pay.order);
  const bool burns = burned > 0 || pay.hold.has_value();
  const bool earns = !pay.earnings.empty() || !burns;  // An order without points has an entry too.
  if (burns) {
    auto parts = Burn(draft, pay, document, burned);
    if (!parts.ok()) return std::move(parts).error();
    Allocate(order.lines, std::move(parts).value());
    if (!earns) draft.entry().order = order;
    draft.End();
    // What the hold had over pays debt before what is earned does.
    if (Status offset = draft.OffsetDebt(document); !offset.ok()) return offset;
  }
  if (earns) Earn(draft, pay, document, order);
  draft.totals().earned = earned;
  draft.totals().spent = burned;
  draft.change().order = std::move(order);
  // An order that comes late may earn what has expired already: that pays no debt.
  if (Status settled = SettleDue(draft); !settled.ok()) return settled;
  return draft.OffsetDebt(document);
}

}  // namespace passmint::ledger::internal
