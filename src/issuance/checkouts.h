#pragma once

#include "base/result.h"
#include "issuance/orders.h"
#include "issuance/site.h"
#include "issuance/store.h"

// What a customer buys at once, partly for points, where the shop wants a document for each part:
// goods that points pay are one order, those that money pays another. Both name the checkout;
// refunds are those of orders.

namespace passmint::issuance {

struct CheckoutOutcome {
  OrderOutcome money;
  OrderOutcome points;

  bool created() const { return money.created || points.created; }
};

// Splits the lines of `whole`, whose id is the checkout's: those with points are order
// "<id>-points", with the hold, the others are "<id>-money", with the coupons. Both are placed, or
// nothing is. The same checkout again changes nothing and returns the current state.
//
// Fails as PlaceOrder, with pointers into `whole`; and with kInvalidArgument: "required" at /lines
// if one of the parts has no goods, "out_of_range" at a line that its points do not pay whole,
// "invalid_value" at /quote, which no checkout has.
Result<CheckoutOutcome> PlaceCheckout(Transaction& transaction, const Site& site,
                                      const ProgrammeSite& programme, const OrderRequest& whole);

}  // namespace passmint::issuance
