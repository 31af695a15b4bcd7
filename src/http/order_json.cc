#include "http/order_json.h"

#include <utility>

#include "base/points.h"
#include "http/decode_customer.h"
#include "http/encode.h"
#include "http/tier_json.h"

namespace passmint::http {
namespace {

using issuance::LineType;
using issuance::OrderLine;
using issuance::OrderOutcome;
using issuance::OrderRequest;

constexpr TextBounds kInstant{1, 64};
constexpr TextBounds kCurrency{1, 8};
constexpr TextBounds kLineName{1, 256};
constexpr TextBounds kQuote{1, 4096};
constexpr std::size_t kCouponsMax = 20;

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

}  // namespace

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

OrderRequest DecodeOrder(const Call& call, const Json& object, const std::string& pointer,
                         std::vector<InputProblem>& problems) {
  ObjectReader reader(object, pointer, problems);
  OrderRequest order;
  order.id = OrderId(reader.RequiredText("order_id", kCallerId));
  order.source = OrderSource(reader.Text("source", kSource).value_or(call.key.source.str()));
  order.paid_at = reader.RequiredText("paid_at", kInstant);
  order.currency = reader.RequiredText("currency", kCurrency);
  order.total = reader.RequiredInteger("total", INT64_MIN, INT64_MAX);
  if (const Json* customer = reader.Object("customer")) {
    order.customer = DecodeCustomer(*customer, reader.PointerTo("customer"), problems);
    order.customer.source = call.key.name.str();
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
  return order;
}

Json PurchaseJson(const issuance::Order& order) {
  auto parsed = json::Parse(order.body, order.body.size());
  const Json body = parsed.ok() ? std::move(parsed).value() : Json::object();
  Json json = {{"order_id", order.id.str()},
               {"source", order.source.str()},
               {"paid_at", InstantJson(order.paid_at)},
               {"received_at", InstantJson(order.received_at)},
               {"currency", body.value("currency", "")},
               {"total", order.total_minor},
               {"lines", body.value("lines", Json::array())},
               {"coupons", body.value("coupons", Json::array())},
               {"location", body.value("location", "")}};
  if (body.contains("checkout")) json["checkout"] = body["checkout"];
  return json;
}

Json OrderResultJson(const Call& call, issuance::Transaction& transaction,
                     const OrderOutcome& outcome) {
  const Json links =
      outcome.may_show_links
          ? LinksJson(call.context.site, call.programme, outcome.card,
                      HasGoogle(transaction, call.programme, outcome.card.template_name))
          : Json(nullptr);
  Json rewards = Json::array();
  for (const issuance::RewardClaim& claim : outcome.rewards) {
    rewards.push_back(
        {{"reward", claim.reward}, {"claim", claim.id}, {"coupon", OptionalText(claim.coupon)}});
  }
  Json json = {{"order_id", outcome.order.id.str()},
               {"source", outcome.order.source.str()},
               {"member", {{"id", outcome.member.id.str()}}},
               {"card",
                {{"number", outcome.card.number.str()},
                 {"status", CardStatusName(outcome.card, transaction.Now())},
                 {"created", outcome.card_created},
                 {"links", links}}},
               {"points", PointsResultJson(outcome.points)},
               {"tier", TierJson(call, transaction, outcome.member.id)},
               {"warnings", WarningsJson(outcome.warnings)}};
  if (!rewards.empty()) json["rewards"] = std::move(rewards);
  return json;
}

}  // namespace passmint::http
