#include <utility>

#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/order_parts.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {

Status Decide(Draft& draft, const GrantPoints& grant) {
  if (grant.earnings.empty()) return Invalid("invalid_command", "a grant gives something");
  if (Status valid = CheckEarnings(draft, grant.earnings); !valid.ok()) return valid;
  const AssetId& asset = grant.earnings.front().asset;
  std::int64_t sum = 0;
  Entry& entry = draft.Begin(EntryType::kEarn, asset, grant.document);
  for (const Earning& earning : grant.earnings) {
    if (earning.asset != asset) return Invalid("invalid_command", "a grant is of one asset");
    entry.derivations.insert(entry.derivations.end(), earning.derivations.begin(),
                             earning.derivations.end());
    sum += earning.amount;  // CheckEarnings has summed them up.
  }
  for (Lot& lot : LotsOf(grant.earnings, grant.document)) {
    draft.Create(std::move(lot), Book::kIssuer);
  }
  draft.End();
  draft.totals().earned = sum;
  return draft.OffsetDebt(grant.document);
}

}  // namespace passmint::ledger::internal
