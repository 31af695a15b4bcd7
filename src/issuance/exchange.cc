#include "issuance/exchange.h"

#include <utility>

namespace passmint::issuance {
namespace {

Error Below(std::string_view member, Error error) {
  for (InputProblem& problem : error.problems) {
    problem.pointer = std::string(member) + problem.pointer;
  }
  return error;
}

}  // namespace

Result<ExchangeOutcome> Exchange(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const RefundRequest& refund,
                                 const OrderRequest& order) {
  if (refund.await_order) {
    return InvalidInput("invalid_value", "/refund/await_order",
                        "an exchange cannot wait: its order has to be known");
  }
  auto refunded = RefundOrder(transaction, site, programme, refund);
  if (!refunded.ok()) return Below("/refund", std::move(refunded).error());
  auto placed = PlaceOrder(transaction, site, programme, order);
  if (!placed.ok()) return Below("/order", std::move(placed).error());
  if (placed.value().member.id != refunded.value().member) {
    return InvalidInput("identity_mismatch",
                        order.card_number ? "/order/card_number" : "/order/customer",
                        "the refunded order is another customer's");
  }
  return ExchangeOutcome{.refund = std::move(refunded).value(), .order = std::move(placed).value()};
}

}  // namespace passmint::issuance
