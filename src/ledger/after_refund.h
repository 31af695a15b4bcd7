#pragma once

#include "base/result.h"
#include "ledger/command.h"
#include "ledger/order.h"

namespace passmint::ledger {

// What an order's counters will be once the refund is booked; allocations stay as they are. Fails
// as Apply: over_refund, amount_too_large, invalid_command.
Result<OrderRecord> AfterRefund(const OrderRecord& order, const Refund& refund);

}  // namespace passmint::ledger
