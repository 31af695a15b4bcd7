#include <algorithm>
#include <utility>

#include "base/language.h"
#include "base/money.h"
#include "http/decode.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/order_json.h"
#include "http/quote_texts.h"
#include "http/tier_json.h"
#include "issuance/order_quote.h"
#include "issuance/order_repeat.h"
#include "issuance/prepared_order.h"

namespace passmint::http {
namespace {

using issuance::OrderQuote;
using issuance::Role;
using programme::Evaluation;
using programme::PricedLine;
using programme::Reason;
using programme::ReasonCode;

std::string_view EffectName(ReasonCode code) {
  switch (code) {
    case ReasonCode::kRate:
    case ReasonCode::kMultiplied:
    case ReasonCode::kGranted:
      return "earned";
    case ReasonCode::kDiscounted:
      return "discounted";
    case ReasonCode::kExcludedGoods:
      return "excluded";
    default:
      return "limited";
  }
}

// Reasons in one language.
class Explainer {
 public:
  Explainer(const Call& call, const issuance::OrderRequest& request, const OrderQuote& quote)
      : quote_(quote),
        request_(request),
        currency_(call.programme.programme.currency),
        language_(QuoteLanguageOf(request.customer.locale.value_or(quote.locale),
                                  call.programme.programme.languages)) {}

  Json Line(std::size_t index) const {
    const PricedLine& line = quote_.evaluation.lines[index];
    return {{"line_id", request_.lines[line.index].line_id},
            {"amount", line.amount},
            {"discount", line.discount},
            {"points", line.burned},
            {"points_value", line.value},
            {"money", line.paid},
            {"eligible", line.eligible},
            {"earned", line.earned},
            {"burnable", line.burnable},
            {"reasons", ReasonsOf(static_cast<std::int32_t>(index))}};
  }

  Json Coupons() const {
    Json coupons = Json::array();
    for (const issuance::BroughtCoupon& coupon : quote_.coupons) {
      coupons.push_back({{"code", coupon.code},
                         {"applied", coupon.discount > 0},
                         {"discount", coupon.discount},
                         {"detail", QuoteCouponText(coupon, currency_, language_)}});
    }
    return coupons;
  }

  // -1: of the order.
  Json ReasonsOf(std::int32_t line) const {
    Json reasons = Json::array();
    for (const Reason& reason : quote_.evaluation.reasons) {
      if (reason.line != line) continue;
      reasons.push_back(
          {{"rule", RuleId(reason)},
           {"effect", EffectName(reason.code)},
           {"points", reason.points},
           {"minor", reason.minor},
           {"detail", QuoteReasonText(*quote_.rules, quote_.facts, reason, currency_, language_)}});
    }
    return reasons;
  }

 private:
  const std::string& RuleId(const Reason& reason) const {
    const auto index = static_cast<std::size_t>(reason.rule.index);
    switch (reason.rule.section) {
      case programme::RuleRef::Section::kDiscounts:
        return quote_.rules->discounts[index].id;
      case programme::RuleRef::Section::kCoupons:
        return quote_.rules->coupons[index].id;
      default:
        return quote_.rules->earn[index].id;
    }
  }

  const OrderQuote& quote_;
  const issuance::OrderRequest& request_;
  const Currency currency_;
  const QuoteLanguage language_;
};

// Stamps that the order would bring, by card.
Json StampsJson(const OrderQuote& quote) {
  Json stamps = Json::array();
  for (const Evaluation::Stamped& stamped : quote.evaluation.stamps) {
    const auto& rule = quote.rules->earn[static_cast<std::size_t>(stamped.rule)];
    const auto& card = quote.rules->stamps[static_cast<std::size_t>(rule.stamp)];
    stamps.push_back({{"card", card.id}, {"rule", rule.id}, {"stamps", stamped.count}});
  }
  return stamps;
}

Json TotalsJson(const Evaluation& evaluation) {
  std::int64_t burnable = 0;
  for (const PricedLine& line : evaluation.lines) burnable += line.burnable;
  return {{"amount", evaluation.amount}, {"discount", evaluation.discount},
          {"points", evaluation.burned}, {"points_value", evaluation.value},
          {"money", evaluation.paid},    {"earned", evaluation.earned},
          {"burnable", burnable}};
}

Json QuoteJson(const Call& call, const issuance::OrderRequest& request, const OrderQuote& quote) {
  const Explainer explainer(call, request, quote);
  Json lines = Json::array();
  for (std::size_t i = 0; i < quote.evaluation.lines.size(); ++i) {
    lines.push_back(explainer.Line(i));
  }
  std::vector<issuance::Warning> warnings;
  if (quote.evaluation.burned > quote.points.available) {
    warnings.push_back({"insufficient_points", "the customer has fewer points than the lines ask"});
  }
  Json json = {{"lines", std::move(lines)},
               {"totals", TotalsJson(quote.evaluation)},
               {"reasons", explainer.ReasonsOf(-1)},
               {"coupons", explainer.Coupons()},
               {"advised", quote.advised},
               {"points", PointsBalanceJson(quote.points)},
               {"tier", TierJson(quote.tier)},
               {"quote", quote.token},
               {"valid_until", InstantJson(quote.valid_until)},
               {"warnings", WarningsJson(warnings)}};
  Json stamps = StampsJson(quote);
  if (!stamps.empty()) json["stamps"] = std::move(stamps);
  return json;
}

Result<Work> QuoteOrder(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  issuance::OrderRequest order = DecodeOrder(call, body.value(), "", problems);
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  order.quote.reset();  // A new quote is by the rules of now.
  auto prepared = issuance::PrepareOrder(call.context.site, call.programme, std::move(order),
                                         call.context.clock.Now());
  return Work([call,
               order = std::move(prepared)](issuance::Transaction& transaction) -> Result<Reply> {
    const auto quote = issuance::QuoteOrder(transaction, call.context.site, call.programme, order);
    if (!quote.ok()) return quote.error();
    return JsonReply(200, QuoteJson(call, order.request, quote.value()));
  });
}

// What the order's goods would cost and earn now; nothing is bought.
Result<Work> RepeatOrder(const Call& call) {
  const auto source = QueryValue(call.request.query(), "source");
  return Work([call, source = OrderSource(source.value_or(call.key.source.str())),
               id = OrderId(call.arguments[0])](
                  issuance::Transaction& transaction) -> Result<Reply> {
    auto goods = issuance::RepeatOf(transaction, call.programme, source, id);
    if (!goods.ok()) return std::move(goods).error();
    const auto order = issuance::PrepareOrder(call.context.site, call.programme,
                                              std::move(goods).value(), transaction.Now());
    const auto quote = issuance::QuoteOrder(transaction, call.context.site, call.programme, order);
    if (!quote.ok()) return quote.error();
    Json json = QuoteJson(call, order.request, quote.value());
    json["repeats"] = {{"order_id", id.str()}, {"source", source.str()}};
    return JsonReply(200, json);
  });
}

}  // namespace

void AddQuoteEndpoint(EndpointRouter& router) {
  router.Add("POST", "/api/v1/orders/quote",
             {Access::kRead, KeyUse::kNone, {Role::kShop, Role::kAdmin}, QuoteOrder});
  router.Add("POST", "/api/v1/orders/{order_id}/repeat",
             {Access::kRead, KeyUse::kNone, {Role::kShop, Role::kAdmin}, RepeatOrder});
}

}  // namespace passmint::http
