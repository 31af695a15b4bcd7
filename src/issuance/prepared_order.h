#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/order_check.h"
#include "issuance/order_quote.h"
#include "issuance/orders.h"
#include "issuance/site.h"
#include "json/json.h"

namespace passmint::issuance {

// An order with all that can be said of it without the store. Made before the transaction, so that
// the store's one writer does not wait for phone numbers, hashes and JSON.
struct PreparedOrder {
  OrderRequest request;
  // Looked at only if the order is new: a known one is the same again or a conflict.
  Result<CheckedOrder> checked;
  std::string content;      // What makes two reports the same order.
  std::string fingerprint;  // HMAC of it.
  std::string body;         // What is kept of the request, as JSON: nothing that names a person.
  std::optional<QuoteTerms> terms = {};  // Of the quote that the order brings.
};

// `now`: for the bounds of paid_at.
PreparedOrder PrepareOrder(const Site& site, const ProgrammeSite& programme, OrderRequest request,
                           Timestamp now);

}  // namespace passmint::issuance
