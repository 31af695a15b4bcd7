#include <algorithm>
#include <utility>

#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/order_parts.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {
namespace {

Status CheckSum(const PayOrder& pay, std::int64_t earned) {
  std::int64_t in_asset = 0;
  for (const Earning& earning : pay.earnings) {
    if (earning.asset == pay.order.asset) in_asset += earning.amount;
  }
  if (in_asset != earned) {
    return Invalid("invalid_command", "the earnings do not sum up to what the lines earned");
  }
  return {};
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
  if (Status valid = CheckEarnings(draft, pay.earnings); !valid.ok()) return valid;
  if (Status valid = CheckSum(pay, earned); !valid.ok()) return valid;

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
