#pragma once

#include "base/result.h"
#include "issuance/orders.h"
#include "issuance/refunds.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

struct ExchangeOutcome {
  RefundOutcome refund;
  OrderOutcome order;

  bool created() const { return refund.created || order.created; }
};

// Refunds (a part of) an order and places another of the same customer: both or neither. The refund
// is first, so that points that come back can pay.
//
// Fails as RefundOrder and PlaceOrder, with pointers below /refund and /order; with
// kInvalidArgument, identity_mismatch, if the new order is another customer's, and invalid_value if
// the refund wants to wait for its order.
Result<ExchangeOutcome> Exchange(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const RefundRequest& refund,
                                 const OrderRequest& order);

}  // namespace passmint::issuance
