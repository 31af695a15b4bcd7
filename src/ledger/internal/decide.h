#pragma once

#include <utility>
#include <vector>

#include "base/result.h"
#include "ledger/apply.h"
#include "ledger/command.h"
#include "ledger/internal/draft.h"

// The steps that Apply is made of.

namespace passmint::ledger::internal {

// Posts what is due at draft.now().
Status SettleDue(Draft& draft);

Status Decide(Draft& draft, const PayOrder& pay);
// `order` may be null: then the command is invalid.
Status Decide(Draft& draft, const OrderRecord* order, const Refund& refund);
Status Decide(Draft& draft, const PlaceHold& place);
Status Decide(Draft& draft, const CaptureHold& capture);
Status Decide(Draft& draft, const VoidHold& release);
Status Decide(Draft& draft, const Adjust& adjust);
Status Decide(Draft& draft, const WriteOffDebt& write_off);
Status Decide(Draft& draft, const Import& import);
Status Decide(Draft& draft, const ServiceOperation& operation);
Status Decide(Draft& draft, const GrantPoints& grant);

// An open hold to capture `amount` of: a copy, for ending it takes it out of the account. Fails
// with hold_unknown, hold_ended, hold_expired, over_capture.
Result<Hold> HoldToCapture(const Draft& draft, const HoldId& id, std::int64_t amount);

// Ends a hold inside an entry: burns hold.captured of it, in the order of its parts, and releases
// the rest, of which what has expired meanwhile expires. Returns what was burned. Fails with
// kInternal.
Result<std::vector<Hold::Part>> EndHold(Draft& draft, const Hold& hold);

// A merged account takes no command.
Status CheckAlive(const Account& account);

// Of a change of two accounts: one instant for both.
Context SharedContext(const Account& one, const Account& other, Context context);
Result<std::pair<Change, Change>> FinishBoth(Draft&& first, Draft&& second);

}  // namespace passmint::ledger::internal
