#include "issuance/kept_order.h"

#include <utility>

#include "issuance/order_check.h"

namespace passmint::issuance {
namespace {

// We wrote it ourselves.
constexpr std::size_t kBodyBytesMax = 16 * 1024 * 1024;

std::int64_t Integer(const Json& json, const char* name) {
  return json.value(name, std::int64_t{0});
}

std::optional<Timestamp> InstantAt(const Json& json, const char* name) {
  if (!json.contains(name)) return std::nullopt;
  return FromMicros(Integer(json, name));
}

Json MemberJson(const programme::MemberFacts& member) {
  Json attributes = Json::object();
  for (const auto& [name, value] : member.attributes) attributes[name] = value;
  Json json = {{"locale", member.locale},
               {"attributes", std::move(attributes)},
               {"opted_in", member.opted_in}};
  if (member.birthday) json["birthday"] = FormatDate(*member.birthday);
  if (member.joined_at) json["joined_at"] = ToMicros(*member.joined_at);
  return json;
}

void ReadMember(const Json& json, programme::MemberFacts& member) {
  member.locale = json.value("locale", "");
  const Json attributes = json.value("attributes", Json::object());
  for (const auto& [name, value] : attributes.items()) {
    member.attributes[name] = value.get<std::string>();
  }
  if (const auto born = ParseDate(json.value("birthday", "")); born.ok()) {
    member.birthday = born.value();
  }
  member.joined_at = InstantAt(json, "joined_at");
  member.opted_in = json.value("opted_in", false);
}

Json ProgressJson(const programme::Facts& facts) {
  Json used = Json::array();
  for (const programme::Used& one : facts.used) used.push_back(Json::array({one.rule, one.points}));
  Json granted = Json::array();
  for (const programme::Granted& one : facts.granted) {
    granted.push_back(Json::array({one.rule, one.occurrence}));
  }
  Json json = {{"orders", facts.history.orders},
               {"spend", facts.history.spend},
               {"points", facts.history.points_earned},
               {"used", std::move(used)},
               {"granted", std::move(granted)},
               {"level", facts.tier.level},
               {"metric", facts.tier.metric}};
  if (facts.history.last_order_at) json["last_order_at"] = ToMicros(*facts.history.last_order_at);
  return json;
}

void ReadProgress(const Json& json, programme::Facts& facts) {
  facts.history = {.orders = Integer(json, "orders"),
                   .spend = Integer(json, "spend"),
                   .points_earned = Integer(json, "points"),
                   .last_order_at = InstantAt(json, "last_order_at")};
  facts.tier = {.level = json.value("level", -1), .metric = Integer(json, "metric")};
  for (const Json& one : json.value("used", Json::array())) {
    facts.used.push_back({one.at(0).get<std::string>(), one.at(1).get<std::int64_t>()});
  }
  for (const Json& one : json.value("granted", Json::array())) {
    facts.granted.push_back({one.at(0).get<std::string>(), one.at(1).get<std::string>()});
  }
}

Json JudgedJson(const RuleNeeds& needs, const Judged& judged, Timestamp paid_at) {
  Json json = Json::object();
  if (judged.instant != paid_at) json["instant"] = ToMicros(judged.instant);
  if (judged.burn_at_most) json["burn_at_most"] = *judged.burn_at_most;
  if (!judged.coupons.empty()) json["coupons"] = judged.coupons;
  if (needs.member) json["member"] = MemberJson(judged.facts.member);
  if (needs.groups) json["groups"] = judged.facts.member.groups;
  if (judged.facts.member.card_ppm) json["card_ppm"] = *judged.facts.member.card_ppm;
  if (needs.memberships) json["memberships"] = judged.facts.member.memberships;
  if (needs.ties) {
    json["organisation"] = judged.facts.member.organisation;
    json["guest_of"] = judged.facts.member.guest_of;
  }
  if (needs.progress) json["progress"] = ProgressJson(judged.facts);
  if (needs.budgets) {
    Json left = Json::object();
    for (const auto& [budget, points] : judged.facts.budget_left) left[budget] = points;
    json["budget_left"] = std::move(left);
  }
  return json;
}

std::vector<std::string> CouponsOf(const Json& judged) {
  return judged.value("coupons", std::vector<std::string>());
}

std::optional<std::int64_t> BurnAtMostOf(const Json& judged) {
  if (!judged.contains("burn_at_most")) return std::nullopt;
  return Integer(judged, "burn_at_most");
}

Judged ReadJudged(const Json& json, Timestamp paid_at) {
  Judged judged{.facts = {},
                .instant = paid_at,
                .burn_at_most = BurnAtMostOf(json),
                .coupons = CouponsOf(json)};
  if (json.contains("instant")) judged.instant = FromMicros(Integer(json, "instant"));
  if (json.contains("member")) ReadMember(json["member"], judged.facts.member);
  for (const Json& group : json.value("groups", Json::array())) {
    judged.facts.member.groups.push_back(group.get<std::string>());
  }
  if (json.contains("card_ppm")) judged.facts.member.card_ppm = Integer(json, "card_ppm");
  judged.facts.member.memberships = json.value("memberships", std::vector<std::string>());
  judged.facts.member.organisation = json.value("organisation", "");
  judged.facts.member.guest_of = json.value("guest_of", std::vector<std::string>());
  if (json.contains("progress")) ReadProgress(json["progress"], judged.facts);
  const Json budgets = json.value("budget_left", Json::object());
  for (const auto& [budget, left] : budgets.items()) {
    judged.facts.budget_left[budget] = left.get<std::int64_t>();
  }
  return judged;
}

programme::LineKind KindOf(const std::string& type) {
  if (type == "delivery") return programme::LineKind::kDelivery;
  if (type == "tip") return programme::LineKind::kTip;
  if (type == "discount") return programme::LineKind::kDiscount;
  return programme::LineKind::kProduct;
}

// REQUIRES: it has lines.
programme::Basket BasketOf(const Json& body, const OrderSource& source,
                           const cards::Programme& programme) {
  programme::Basket basket;
  basket.currency_exponent = programme.currency.exponent();
  if (const auto judged = body.find("judged"); judged != body.end()) {
    basket.burn_at_most = BurnAtMostOf(*judged);
    basket.coupons = CouponsOf(*judged);
  }
  basket.source = source.str();
  basket.location = body.value("location", "");
  for (const Json& line : body["lines"]) {
    basket.lines.push_back(
        {.line_id = line.value("line_id", ""),
         .kind = KindOf(line.value("type", "")),
         .sku = line.value("sku", ""),
         .category = line.value("category", ""),
         .quantity = Thousandths(line.value("quantity", "")).value_or(ledger::kUnit),
         .amount = Integer(line, "amount"),
         .points = Integer(line, "points"),
         .points_quantity = Thousandths(line.value("points_quantity", "")).value_or(0)});
  }
  return basket;
}

// Fails with kGone if the lines were erased, with kInternal if it is damaged.
Result<Json> ParseKept(const std::string& text) {
  auto body = json::Parse(text, kBodyBytesMax);
  if (!body.ok()) {
    return Error{.code = ErrorCode::kInternal,
                 .message = "the store holds an order that cannot be read",
                 .reason = "store_value"};
  }
  if (body.value().contains("lines")) return body;
  return Error{.code = ErrorCode::kGone,
               .message = "the order's lines were erased with the customer's data",
               .reason = "member_erased"};
}

}  // namespace

std::string KeepJudged(std::string body, const RuleNeeds& needs, const Judged& judged,
                       Timestamp paid_at) {
  Json kept = JudgedJson(needs, judged, paid_at);
  if (kept.empty()) return body;
  auto json = json::Parse(body, kBodyBytesMax);
  if (!json.ok()) return body;
  json.value()["judged"] = std::move(kept);
  return json::Dump(json.value());
}

Result<programme::Basket> ReadKeptBasket(const std::string& body, const OrderSource& source,
                                         const cards::Programme& programme) {
  const auto json = ParseKept(body);
  if (!json.ok()) return json.error();
  return BasketOf(json.value(), source, programme);
}

Result<KeptOrder> ReadKept(const Order& order, const cards::Programme& programme) {
  const auto body = ParseKept(order.body);
  if (!body.ok()) return body.error();
  return KeptOrder{
      .basket = BasketOf(body.value(), order.source, programme),
      .judged = ReadJudged(body.value().value("judged", Json::object()), order.paid_at),
      .rule_set = order.answer.value("rule_set", std::int64_t{0})};
}

}  // namespace passmint::issuance
