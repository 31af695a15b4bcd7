#include <utility>

#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/order_parts.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {
namespace {

Status ImportLots(Draft& draft, const Import& import) {
  if (Status valid = CheckEarnings(draft, import.lots); !valid.ok()) return valid;
  for (const Earning& earning : import.lots) {
    if (earning.asset != import.lots.front().asset) {
      return Invalid("invalid_command", "an import is of one asset");
    }
    if (earning.expires_at <= draft.now()) {
      return Invalid("invalid_command", "what is imported would have expired already");
    }
  }
  draft.Begin(EntryType::kImport, import.lots.front().asset, import.document);
  for (Lot& lot : LotsOf(import.lots, import.document)) {
    draft.Create(std::move(lot), Book::kIssuer);
  }
  draft.End();
  return draft.OffsetDebt(import.document);
}

// The lot that the order's points came from, as far as anybody knows.
LotId CreateSpent(Draft& draft, const Import& import, std::int64_t burned) {
  Lot lot;
  lot.asset = import.order->asset;
  lot.original = burned;
  lot.activates_at = draft.now();
  lot.document = import.document;
  const LotId id = draft.Create(std::move(lot), Book::kIssuer);
  draft.Move(*draft.FindLot(id), kBurn, burned);
  return id;
}

Status ImportOrder(Draft& draft, const Import& import) {
  const Result<Sums> sums = SumUp(*import.order);
  if (!sums.ok()) return sums.error();
  const std::int64_t burned = sums.value().burned;
  if (Status room = draft.CheckRoom(import.order->asset, burned); !room.ok()) return room;
  OrderRecord order = Fresh(*import.order);
  Entry& entry = draft.Begin(EntryType::kImport, order.asset, import.document);
  if (burned > 0) {
    Allocate(order.lines, {{.lot = CreateSpent(draft, import, burned), .amount = burned}});
  }
  entry.order = order;
  draft.End();
  draft.change().order = std::move(order);
  return {};
}

}  // namespace

Status Decide(Draft& draft, const Import& import) {
  if (import.lots.empty() != import.order.has_value()) {
    return Invalid("invalid_command", "an import is of points or of an order");
  }
  return import.order.has_value() ? ImportOrder(draft, import) : ImportLots(draft, import);
}

}  // namespace passmint::ledger::internal
