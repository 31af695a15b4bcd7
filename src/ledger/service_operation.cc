#include <algorithm>

#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {

Status Decide(Draft& draft, const ServiceOperation& operation) {
  if (!IsServiceOperation(operation.type)) {
    return Invalid("invalid_command", "an entry of this type moves points");
  }
  if (operation.due.has_value()) draft.ByTime(std::min(*operation.due, draft.now()));
  draft.Begin(operation.type, AssetId(kPointsAsset), operation.document);
  draft.End();
  return {};
}

}  // namespace passmint::ledger::internal
