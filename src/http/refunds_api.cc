#include <utility>

#include "base/points.h"
#include "base/utf8.h"
#include "http/decode.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/order_json.h"
#include "http/tier_json.h"
#include "issuance/exchange.h"
#include "issuance/refunds.h"

namespace passmint::http {
namespace {

using issuance::RefundLineRequest;
using issuance::RefundOutcome;
using issuance::RefundRequest;
using issuance::Role;

RefundLineRequest DecodeRefundLine(const Json& object, std::string pointer,
                                   std::vector<InputProblem>& problems) {
  ObjectReader reader(object, std::move(pointer), problems);
  RefundLineRequest line;
  line.line_id = reader.RequiredText("line_id", kCallerId);
  const std::string quantity = DecodeQuantity(reader, "quantity", "");
  if (!quantity.empty()) line.quantity = quantity;
  line.amount = reader.Integer("amount", INT64_MIN, INT64_MAX);
  // kAny, kMoney, kPoints.
  if (const auto group = reader.Choice("paid_by", {"money", "points"})) {
    line.paid_by = static_cast<ledger::Group>(*group + 1);
  }
  reader.Finish();
  return line;
}

// The order's id in the path: one that POST /orders would take.
Result<OrderId> DecodeOrderId(const std::string& argument) {
  const std::size_t count = CodePointCount(argument);
  if (count >= kCallerId.min && count <= kCallerId.max && !HasControlCharacter(argument)) {
    return OrderId(argument);
  }
  return Error{.code = ErrorCode::kNotFound, .message = "no order has such an id"};
}

Result<OrderSource> DecodeSource(const Call& call) {
  const std::string source =
      QueryValue(call.request.query(), "source").value_or(call.key.source.str());
  const std::size_t count = CodePointCount(source);
  if (count >= kSource.min && count <= kSource.max && !HasControlCharacter(source)) {
    return OrderSource(source);
  }
  return InvalidInput("invalid_value", "#query/source", "1 to 64 printable characters");
}

RefundRequest DecodeRefund(const Call& call, const Json& object, const std::string& pointer,
                           std::vector<InputProblem>& problems) {
  ObjectReader reader(object, pointer, problems);
  RefundRequest refund;
  refund.id = reader.RequiredText("refund_id", kCallerId);
  if (const Json* lines = reader.Array("lines", issuance::kOrderLinesMax)) {
    if (lines->empty()) reader.Report("lines", "too_short", "at least 1 line");
    for (std::size_t i = 0; i < lines->size(); ++i) {
      refund.lines.push_back(
          DecodeRefundLine((*lines)[i], json::Child(reader.PointerTo("lines"), i), problems));
    }
  }
  refund.amount = reader.Integer("amount", INT64_MIN, INT64_MAX);
  refund.await_order = reader.Boolean("await_order").value_or(false);
  refund.actor = call.key.name.str();
  reader.Finish();
  return refund;
}

Status DecodeTarget(const Call& call, RefundRequest& refund) {
  auto order = DecodeOrderId(call.arguments[0]);
  if (!order.ok()) return std::move(order).error();
  auto source = DecodeSource(call);
  if (!source.ok()) return std::move(source).error();
  refund.order = std::move(order).value();
  refund.source = std::move(source).value();
  return {};
}

Json RefundResultJson(const Call& call, issuance::Transaction& transaction,
                      const RefundRequest& request, const RefundOutcome& outcome) {
  Json json = {{"order_id", request.order.str()},
               {"source", request.source.str()},
               {"refund_id", outcome.refund.id}};
  if (outcome.parked) {
    json["parked"] = true;
    return json;
  }
  Json lines = Json::array();
  for (const issuance::RefundedLine& line : outcome.refund.lines) {
    lines.push_back({{"line_id", line.line_id},
                     {"amount", line.amount},
                     {"restored", line.restored},
                     {"clawed_back", line.clawed_back}});
  }
  json["amount"] = outcome.refund.amount;
  json["lines"] = std::move(lines);
  json["points"] = PointsResultJson(outcome.points);
  json["tier"] = TierJson(call, transaction, outcome.member);
  json["warnings"] = Json::array();
  return json;
}

Result<Work> RefundOrder(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  RefundRequest refund = DecodeRefund(call, body.value(), "", problems);
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  if (Status target = DecodeTarget(call, refund); !target.ok()) return std::move(target).error();
  return Work([call,
               refund = std::move(refund)](issuance::Transaction& transaction) -> Result<Reply> {
    auto outcome = issuance::RefundOrder(transaction, call.context.site, call.programme, refund);
    if (!outcome.ok()) return std::move(outcome).error();
    const int status = outcome.value().parked ? 202 : outcome.value().created ? 201 : 200;
    return JsonReply(status, RefundResultJson(call, transaction, refund, outcome.value()));
  });
}

Result<Work> ExchangeOrder(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  RefundRequest refund;
  issuance::OrderRequest order;
  if (const Json* part = reader.Object("refund")) {
    refund = DecodeRefund(call, *part, "/refund", problems);
  } else if (problems.empty()) {
    reader.Report("refund", "required", "is missing");
  }
  if (const Json* part = reader.Object("order")) {
    order = DecodeOrder(call, *part, "/order", problems);
  } else if (problems.empty()) {
    reader.Report("order", "required", "is missing");
  }
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  if (Status target = DecodeTarget(call, refund); !target.ok()) return std::move(target).error();
  return Work([call, refund = std::move(refund),
               order = std::move(order)](issuance::Transaction& transaction) -> Result<Reply> {
    auto outcome =
        issuance::Exchange(transaction, call.context.site, call.programme, refund, order);
    if (!outcome.ok()) return std::move(outcome).error();
    Reply reply =
        JsonReply(outcome.value().created() ? 201 : 200,
                  {{"refund", RefundResultJson(call, transaction, refund, outcome.value().refund)},
                   {"order", OrderResultJson(call, transaction, outcome.value().order)}});
    reply.about = outcome.value().order.member.id;
    return reply;
  });
}

}  // namespace

void AddRefundEndpoints(EndpointRouter& router) {
  router.Add("POST", "/api/v1/orders/{order_id}/refunds",
             {Access::kWrite, KeyUse::kOptional, {Role::kShop, Role::kAdmin}, RefundOrder});
  router.Add("POST", "/api/v1/orders/{order_id}/exchange",
             {Access::kWrite, KeyUse::kOptional, {Role::kShop, Role::kAdmin}, ExchangeOrder});
}

}  // namespace passmint::http
