#pragma once

#include "base/result.h"
#include "issuance/orders.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// The goods of an order, to be quoted and bought again now: its lines, location and card. No
// points, coupons or holds of it. Fails with kNotFound, and kGone, "member_erased", if its lines
// were erased.
Result<OrderRequest> RepeatOf(Transaction& transaction, const ProgrammeSite& programme,
                              const OrderSource& source, const OrderId& id);

}  // namespace passmint::issuance
