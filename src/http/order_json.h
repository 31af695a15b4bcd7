#pragma once

#include <string>
#include <vector>

#include "http/decode.h"
#include "http/endpoint.h"
#include "issuance/orders.h"
#include "json/json.h"

namespace passmint::http {

// Where an order's id comes from.
inline constexpr TextBounds kSource{1, 64};

// The schema OrderRequest, at `pointer` in the body. What is wrong goes to `problems`.
issuance::OrderRequest DecodeOrder(const Call& call, const Json& object, const std::string& pointer,
                                   std::vector<InputProblem>& problems);

// An integer, or a decimal in a string such as "0.350", as text; `fallback` if it is absent.
std::string DecodeQuantity(ObjectReader& reader, std::string_view name, std::string fallback);

// What was bought, as an order's receipt shows it: the schema Purchase.
Json PurchaseJson(const issuance::Order& order);

// The schema OrderResult.
Json OrderResultJson(const Call& call, issuance::Transaction& transaction,
                     const issuance::OrderOutcome& outcome);

}  // namespace passmint::http
