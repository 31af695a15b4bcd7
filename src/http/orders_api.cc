#include <utility>

#include "http/decode.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/order_json.h"
#include "issuance/checkouts.h"
#include "issuance/orders.h"
#include "issuance/prepared_order.h"
#include "issuance/refunds.h"

namespace passmint::http {
namespace {

using issuance::OrderOutcome;
using issuance::OrderRequest;
using issuance::Role;

Result<Work> CreateOrder(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  OrderRequest order = DecodeOrder(call, body.value(), "", problems);
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  auto prepared = issuance::PrepareOrder(call.context.site, call.programme, std::move(order),
                                         call.context.clock.Now());
  return Work([call, order = std::move(prepared),
               first = true](issuance::Transaction& transaction) mutable -> Result<Reply> {
    auto outcome =
        std::exchange(first, false)
            ? issuance::PlaceNewOrder(transaction, call.context.site, call.programme, order)
            : issuance::PlaceOrder(transaction, call.context.site, call.programme, order);
    if (!outcome.ok()) return std::move(outcome).error();
    Reply reply = JsonReply(outcome.value().created ? 201 : 200,
                            OrderResultJson(call, transaction, outcome.value()));
    reply.about = outcome.value().member.id;
    return reply;
  });
}

Json RefundsJson(const std::vector<issuance::BookedRefund>& refunds) {
  Json json = Json::array();
  for (const issuance::BookedRefund& refund : refunds) {
    json.push_back({{"refund_id", refund.id},
                    {"refunded_at", InstantJson(refund.booked_at)},
                    {"amount", refund.amount},
                    {"restored", refund.restored},
                    {"clawed_back", refund.clawed_back}});
  }
  return json;
}

Json OrderJson(const OrderOutcome& outcome, const std::vector<issuance::BookedRefund>& refunds,
               Timestamp now) {
  Json json = PurchaseJson(outcome.order);
  json["member"] = {{"id", outcome.member.id.str()}};
  json["card"] = {{"number", outcome.card.number.str()},
                  {"status", CardStatusName(outcome.card, now)}};
  json["refunds"] = RefundsJson(refunds);
  json["points"] = PointsResultJson(outcome.points);
  return json;
}

Result<Work> GetOrder(const Call& call) {
  const auto source = QueryValue(call.request.query(), "source");
  return Work(
      [call, source = OrderSource(source.value_or(call.key.source.str())),
       id = OrderId(call.arguments[0])](issuance::Transaction& transaction) -> Result<Reply> {
        auto outcome = issuance::GetOrder(transaction, call.programme, source, id);
        if (!outcome.ok()) return std::move(outcome).error();
        auto refunds = issuance::RefundsOf(transaction, call.programme_id(), source, id);
        if (!refunds.ok()) return std::move(refunds).error();
        return JsonReply(200, OrderJson(outcome.value(), refunds.value(), transaction.Now()));
      });
}

constexpr std::size_t kCheckoutIdMax = 120;  // Its orders' ids are longer by the part's name.

// A checkout is an order whose id is called otherwise.
Result<OrderRequest> DecodeCheckout(const Call& call, Json body) {
  std::vector<InputProblem> problems;
  if (!body.is_object() || !body.contains("checkout_id")) {
    return InvalidInput("required", "/checkout_id", "is missing");
  }
  if (body.contains("order_id")) {
    return InvalidInput("unknown_field", "/order_id",
                        "the orders of a checkout are named after it");
  }
  body["order_id"] = body["checkout_id"];
  body.erase("checkout_id");
  OrderRequest whole = DecodeOrder(call, body, "", problems);
  for (InputProblem& problem : problems) {
    if (problem.pointer == "/order_id") problem.pointer = "/checkout_id";
  }
  if (problems.empty() && whole.id.str().size() > kCheckoutIdMax) {
    problems.push_back({"too_long", "/checkout_id", "at most 120 bytes"});
  }
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return whole;
}

Result<Work> CreateCheckout(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  auto whole = DecodeCheckout(call, std::move(body).value());
  if (!whole.ok()) return std::move(whole).error();
  return Work([call, whole = std::move(whole).value()](
                  issuance::Transaction& transaction) -> Result<Reply> {
    auto outcome = issuance::PlaceCheckout(transaction, call.context.site, call.programme, whole);
    if (!outcome.ok()) return std::move(outcome).error();
    Reply reply =
        JsonReply(outcome.value().created() ? 201 : 200,
                  {{"checkout_id", whole.id.str()},
                   {"source", whole.source.str()},
                   {"orders",
                    {{"money", OrderResultJson(call, transaction, outcome.value().money)},
                     {"points", OrderResultJson(call, transaction, outcome.value().points)}}}});
    reply.about = outcome.value().money.member.id;
    return reply;
  });
}

}  // namespace

void AddOrderEndpoints(EndpointRouter& router) {
  router.Add("POST", "/api/v1/orders",
             {Access::kWrite, KeyUse::kOptional, {Role::kShop, Role::kAdmin}, CreateOrder});
  router.Add("POST", "/api/v1/checkouts",
             {Access::kWrite, KeyUse::kOptional, {Role::kShop, Role::kAdmin}, CreateCheckout});
  router.Add(
      "GET", "/api/v1/orders/{order_id}",
      {Access::kRead, KeyUse::kNone, {Role::kShop, Role::kOperator, Role::kAdmin}, GetOrder});
}

}  // namespace passmint::http
