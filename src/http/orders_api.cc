#include <utility>

#include "base/points.h"
#include "http/decode_customer.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "issuance/orders.h"

namespace passmint::http {
namespace {

using issuance::LineType;
using issuance::OrderLine;
using issuance::OrderOutcome;
using issuance::OrderRequest;
using issuance::Role;

constexpr TextBounds kSource{1, 64};
constexpr TextBounds kInstant{1, 64};
constexpr TextBounds kCurrency{1, 8};
constexpr TextBounds kLineName{1, 256};
constexpr TextBounds kQuote{1, 4096};
constexpr std::size_t kCouponsMax = 20;

// An integer, or a decimal string such as "0.350".
std::string DecodeQuantity(ObjectReader& reader, std::string_view name, std::string fallback) {
  const Json* value = reader.Any(name);
  if (value == nullptr) return fallback;
  if (value->is_number_integer()) return json::Dump(*value);
  if (value->is_string() && value->get_ref<const std::string&>().size() <= 16) {
    return value->get<std::string>();
  }
  reader.Report(name, "invalid_type", "an integer, or a decimal in a string such as \"0.350\"");
  return fallback;
}

OrderLine DecodeLine(const Json& object, std::string pointer, std::vector<InputProblem>& problems) {
  ObjectReader reader(object, std::move(pointer), problems);
  OrderLine line;
  line.line_id = reader.RequiredText("line_id", kCallerId);
  line.type = static_cast<LineType>(
      reader.Choice("type", {"product", "delivery", "tip", "discount"}).value_or(0));
  line.sku = reader.Text("sku", kCallerId).value_or("");
  line.category = reader.Text("category", kCallerId).value_or("");
  line.name = reader.Text("name", kLineName).value_or("");
  line.quantity = DecodeQuantity(reader, "quantity", "1");
  line.amount = reader.RequiredInteger("amount", INT64_MIN, INT64_MAX);
  line.points = reader.Integer("points", 0, Points::kMax).value_or(0);
  line.points_quantity = DecodeQuantity(reader, "points_quantity", "0");
  reader.Finish();
  return line;
}

std::vector<OrderLine> DecodeLines(ObjectReader& reader, std::vector<InputProblem>& problems) {
  std::vector<OrderLine> lines;
  const Json* array = reader.Array("lines", issuance::kOrderLinesMax);
  if (array == nullptr) {
    if (!reader.Has("lines")) reader.Report("lines", "required", "is missing");
    return lines;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    lines.push_back(DecodeLine((*array)[i], json::Child(reader.PointerTo("lines"), i), problems));
  }
  return lines;
}

std::vector<std::string> DecodeCoupons(ObjectReader& reader) {
  std::vector<std::string> coupons;
  const Json* array = reader.Array("coupons", kCouponsMax);
  if (array == nullptr) return coupons;
  for (const Json& code : *array) {
    if (code.is_string())
      coupons.push_back(code.get<std::string>());
    else
      reader.Report("coupons", "invalid_type", "strings are wanted");
  }
  return coupons;
}

Result<OrderRequest> DecodeOrder(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  OrderRequest order;
  order.id = OrderId(reader.RequiredText("order_id", kCallerId));
  order.source = OrderSource(reader.Text("source", kSource).value_or(call.key.source.str()));
  order.paid_at = reader.RequiredText("paid_at", kInstant);
  order.currency = reader.RequiredText("currency", kCurrency);
  order.total = reader.RequiredInteger("total", INT64_MIN, INT64_MAX);
  if (const Json* customer = reader.Object("customer")) {
    order.customer = DecodeCustomer(*customer, "/customer", problems);
  }
  order.card_number = reader.Text("card_number", {1, 40});
  if (auto name = reader.Text("template", {1, 64})) {
    order.template_name = TemplateName(*std::move(name));
  }
  order.lines = DecodeLines(reader, problems);
  order.hold_id = reader.Text("hold_id", kCallerId);
  order.coupons = DecodeCoupons(reader);
  order.quote = reader.Text("quote", kQuote);
  order.up_to = reader.Choice("on_insufficient", {"refuse", "up_to"}).value_or(0) == 1;
  order.location = reader.Text("location", kCallerId).value_or("");
  order.actor = call.key.name.str();
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return order;
}

Json OrderResultJson(const Call& call, const OrderOutcome& outcome, bool has_google,
                     Timestamp now) {
  const Json links = outcome.may_show_links
                         ? LinksJson(call.context.site, call.programme, outcome.card, has_google)
                         : Json(nullptr);
  return {{"order_id", outcome.order.id.str()},
          {"source", outcome.order.source.str()},
          {"member", {{"id", outcome.member.id.str()}}},
          {"card",
           {{"number", outcome.card.number.str()},
            {"status", CardStatusName(outcome.card, now)},
            {"created", outcome.card_created},
            {"links", links}}},
          {"points", PointsResultJson(outcome.points)},
          {"tier", nullptr},
          {"warnings", WarningsJson(outcome.warnings)}};
}

Result<Work> CreateOrder(const Call& call) {
  auto order = DecodeOrder(call);
  if (!order.ok()) return std::move(order).error();
  return Work([call, order = std::move(order).value()](
                  issuance::Transaction& transaction) -> Result<Reply> {
    auto outcome = issuance::PlaceOrder(transaction, call.context.site, call.programme, order);
    if (!outcome.ok()) return std::move(outcome).error();
    Reply reply = JsonReply(
        outcome.value().created ? 201 : 200,
        OrderResultJson(call, outcome.value(),
                        HasGoogle(transaction, call.programme, outcome.value().card.template_name),
                        transaction.Now()));
    reply.about = outcome.value().member.id;
    return reply;
  });
}

Json OrderJson(const OrderOutcome& outcome, Timestamp now) {
  const issuance::Order& order = outcome.order;
  return {{"order_id", order.id.str()},
          {"source", order.source.str()},
          {"paid_at", InstantJson(order.paid_at)},
          {"received_at", InstantJson(order.received_at)},
          {"currency", order.body.value("currency", "")},
          {"total", order.total_minor},
          {"member", {{"id", outcome.member.id.str()}}},
          {"card",
           {{"number", outcome.card.number.str()}, {"status", CardStatusName(outcome.card, now)}}},
          {"lines", order.body.value("lines", Json::array())},
          {"coupons", order.body.value("coupons", Json::array())},
          {"location", order.body.value("location", "")},
          {"refunds", Json::array()},
          {"points", PointsResultJson(outcome.points)}};
}

Result<Work> GetOrder(const Call& call) {
  const auto source = QueryValue(call.request.query(), "source");
  return Work(
      [call, source = OrderSource(source.value_or(call.key.source.str())),
       id = OrderId(call.arguments[0])](issuance::Transaction& transaction) -> Result<Reply> {
        auto outcome = issuance::GetOrder(transaction, call.programme, source, id);
        if (!outcome.ok()) return std::move(outcome).error();
        return JsonReply(200, OrderJson(outcome.value(), transaction.Now()));
      });
}

}  // namespace

void AddOrderEndpoints(EndpointRouter& router) {
  router.Add("POST", "/api/v1/orders",
             {Access::kWrite, KeyUse::kOptional, {Role::kShop, Role::kAdmin}, CreateOrder});
  router.Add(
      "GET", "/api/v1/orders/{order_id}",
      {Access::kRead, KeyUse::kNone, {Role::kShop, Role::kOperator, Role::kAdmin}, GetOrder});
}

}  // namespace passmint::http
