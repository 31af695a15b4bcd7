#pragma once

#include "base/result.h"
#include "issuance/refunds.h"
#include "ledger/account.h"
#include "ledger/command.h"
#include "ledger/order.h"

namespace passmint::issuance {

// All that can be said of a refund without its order. Fails with kInvalidArgument and every problem
// at once.
Status CheckRefund(const RefundRequest& request);

// The refund in the ledger's words. REQUIRES: CheckRefund. Fails with kInvalidArgument,
// unknown_line, for each line that the order does not have.
Result<ledger::Refund> RefundCommand(const RefundRequest& request,
                                     const ledger::OrderRecord& record);

// Where a refund asks for more than is left, and how much that is: the error for the caller.
// REQUIRES: the ledger has refused `command` on `account`, which is loaded for it, as over_refund.
Error OverRefundOf(const RefundRequest& request, const ledger::Refund& command,
                   const ledger::OrderRecord& record, const ledger::Account& account,
                   const ledger::Context& context);

}  // namespace passmint::issuance
