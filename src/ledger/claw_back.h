#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "ledger/account.h"
#include "ledger/apply.h"
#include "ledger/asset.h"
#include "ledger/command.h"
#include "ledger/lot.h"

namespace passmint::ledger {

// What an order earned beside its points (stamps) and a refund takes back: from the order's own
// lots, then from others, then as debt, as Policy::debt says. The order's record stays as it is.
struct ClawBack {
  AssetId asset;
  std::int64_t amount = 0;  // > 0.
  std::vector<LotId> lots;  // That the order made, of every asset.
  Document document;        // The refund.
};

// One entry "claw_back". REQUIRES: `account` holds what NeedOf asks for. Fails with kConflict,
// "debt_limit" and "account_merged"; kInvalidArgument "invalid_command"; kInternal.
Result<Change> ApplyClawBack(Account account, const ClawBack& claw_back, const Context& context);

Need NeedOf(const ClawBack& claw_back);

}  // namespace passmint::ledger
