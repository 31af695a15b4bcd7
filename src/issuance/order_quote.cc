#include "issuance/order_quote.h"

#include <utility>

#include "base/bytes.h"
#include "calendar/time_zone.h"
#include "crypto/digest.h"
#include "issuance/card_life.h"
#include "issuance/order_points.h"
#include "issuance/owner.h"
#include "issuance/points.h"
#include "issuance/prepared_order.h"
#include "issuance/rule_facts.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {
namespace {

constexpr std::string_view kPrefix = "q1.";
constexpr std::size_t kTokenBytesMax = 4096;

std::string GoodsHash(const OrderRequest& request) {
  Json lines = Json::array();
  for (const OrderLine& line : request.lines) {
    lines.push_back(Json::array({line.line_id, static_cast<int>(line.type), line.sku, line.category,
                                 line.quantity, line.amount}));
  }
  return crypto::Sha256Hex(json::Dump({{"currency", request.currency}, {"lines", lines}}));
}

Error InvalidQuote() {
  return InvalidInput("invalid_quote", "/quote", "not a quote of ours for these goods");
}

// The MAC covers the programme, which the text does not repeat.
Result<std::string> Sign(const crypto::KeyRing& keys, const std::string& key_id,
                         const ProgrammeId& programme, std::string_view text) {
  return keys.QuoteMac(key_id, programme.str() + "\n" + std::string(text));
}

// What the token says, once its MAC has been found right.
Result<Json> Verified(const crypto::KeyRing& keys, const ProgrammeId& programme,
                      std::string_view token) {
  const std::size_t point = token.rfind('.');
  if (token.size() > kTokenBytesMax || !token.starts_with(kPrefix) || point < kPrefix.size()) {
    return InvalidQuote();
  }
  const std::string_view text = token.substr(0, point);
  const auto payload = FromBase64Url(text.substr(kPrefix.size()));
  auto json =
      payload.ok() ? json::Parse(payload.value(), kTokenBytesMax) : Result<Json>(payload.error());
  if (!json.ok() || !json.value().is_object() || !json.value().contains("key") ||
      !json.value()["key"].is_string()) {
    return InvalidQuote();
  }
  const auto mac = Sign(keys, json.value()["key"].get<std::string>(), programme, text);
  if (!mac.ok() || !crypto::ConstantTimeEquals(mac.value(), token.substr(point + 1))) {
    return InvalidQuote();
  }
  return json;
}

// Whom phone, e-mail or card name; no member if they name nobody.
struct QuotedParty {
  std::optional<cards::Member> member;
  std::string card;  // Its id; empty: none.
};

// The card that an order by phone or e-mail would go by.
std::string CardOf(const std::vector<cards::Card>& cards, Timestamp now) {
  for (const cards::Card& card : cards) {
    if (cards::EffectiveStatus(card, now) == cards::CardStatus::kActive) return card.id;
  }
  return {};
}

Result<QuotedParty> Buyer(Transaction& transaction, const ProgrammeId& programme,
                          const CheckedOrder& order) {
  if (order.card_number) {
    auto card = transaction.FindCardByNumber(programme, *order.card_number);
    if (!card.ok()) return std::move(card).error();
    if (!card.value()) {
      return InvalidInput("unknown_card", "/card_number", "no card has this number");
    }
    auto member = transaction.FindMember(programme, card.value()->card.member);
    if (!member.ok()) return std::move(member).error();
    return QuotedParty{std::move(member).value(), card.value()->card.id};
  }
  const auto look = [&](cards::IdentityType type, const std::optional<std::string>& value)
      -> Result<std::optional<Transaction::KnownMember>> {
    if (!value) return std::optional<Transaction::KnownMember>();
    return transaction.FindKnownMember(programme, type, *value);
  };
  auto known = look(cards::IdentityType::kPhone, order.customer.phone);
  if (known.ok() && !known.value()) {
    known = look(cards::IdentityType::kEmail, order.customer.email);
  }
  if (!known.ok()) return std::move(known).error();
  if (!known.value()) return QuotedParty();
  const Bearer bearer = BearerOf(known.value()->member);
  auto member = AccountHolder(transaction, programme, std::move(known.value()->member));
  if (!member.ok()) return std::move(member).error();
  auto cards = transaction.CardsOfMember(programme, bearer.member);
  if (!cards.ok()) return std::move(cards).error();
  std::erase_if(cards.value(),
                [&bearer](const cards::Card& card) { return card.holder != bearer.holder; });
  return QuotedParty{std::move(member).value(), CardOf(cards.value(), transaction.Now())};
}

std::vector<std::string> Advised(const programme::RuleSet& rules,
                                 const programme::Evaluation& evaluation) {
  std::vector<std::string> skus;
  for (const int index : evaluation.advice) {
    const programme::Advice& advice = rules.advice[static_cast<std::size_t>(index)];
    skus.insert(skus.end(), advice.skus.begin(), advice.skus.end());
  }
  return skus;
}

}  // namespace

std::string MakeQuoteToken(const crypto::KeyRing& keys, const ProgrammeId& programme,
                           const OrderRequest& request, const QuoteTerms& terms,
                           Timestamp valid_until) {
  const std::string& key_id = keys.current_key_id();
  const Json payload = {{"key", key_id},
                        {"rule_set", terms.rule_set},
                        {"instant", ToMicros(terms.instant)},
                        {"goods", GoodsHash(request)},
                        {"valid_until", ToMicros(valid_until)}};
  const std::string text = std::string(kPrefix) + ToBase64Url(json::Dump(payload));
  const auto mac = Sign(keys, key_id, programme, text);
  return mac.ok() ? text + "." + mac.value() : std::string();
}

Result<QuoteTerms> ReadQuote(const crypto::KeyRing& keys, const ProgrammeId& programme,
                             const OrderRequest& request, Timestamp now) {
  const auto quote = Verified(keys, programme, request.quote.value_or(""));
  if (!quote.ok()) return quote.error();
  const Json& said = quote.value();  // We wrote it: its types need no check.
  if (said.value("goods", "") != GoodsHash(request)) return InvalidQuote();
  if (FromMicros(said.value("valid_until", std::int64_t{0})) <= now) {
    return InvalidInput("expired_quote", "/quote", "the quote is over; ask for another");
  }
  return QuoteTerms{.rule_set = said.value("rule_set", std::int64_t{0}),
                    .instant = FromMicros(said.value("instant", std::int64_t{0}))};
}

Result<OrderQuote> QuoteOrder(Transaction& transaction, const Site& site,
                              const ProgrammeSite& programme, const PreparedOrder& prepared) {
  if (!prepared.checked.ok()) return prepared.checked.error();
  const CheckedOrder& checked = prepared.checked.value();
  const ProgrammeId& id = programme.programme.id;
  const auto buyer = Buyer(transaction, id, checked);
  if (!buyer.ok()) return buyer.error();
  const cards::Member* known_member = buyer.value().member ? &*buyer.value().member : nullptr;
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  auto rules = RulesAt(transaction, programme, checked.paid_at);
  if (!rules.ok()) return std::move(rules).error();
  const auto known = FactsOf(transaction, programme, *rules.value(), zone.value(),
                             {.member = known_member, .card = buyer.value().card}, checked.paid_at);
  if (!known.ok()) return known.error();
  auto coupons = FindCoupons(transaction, id, *rules.value(), prepared.request.coupons,
                             known_member, checked.paid_at);
  if (!coupons.ok()) return std::move(coupons).error();
  programme::Basket basket = BasketOf(prepared.request, programme.programme);
  basket.coupons = UsableCoupons(coupons.value());
  auto evaluation = programme::Evaluate(*rules.value(), zone.value(), basket, known.value().facts,
                                        checked.paid_at);
  if (!evaluation.ok()) return std::move(evaluation).error();
  TellDiscounts(*rules.value(), evaluation.value(), coupons.value());
  OrderQuote quote{.rules = rules.value(),
                   .evaluation = std::move(evaluation).value(),
                   .tier = Describe(rules.value()->tiers, known.value().facts.tier),
                   .facts = known.value().facts,
                   .coupons = std::move(coupons).value(),
                   .advised = {},
                   .points = {},
                   .locale = {},
                   .token = {},
                   .valid_until = transaction.Now() + kQuoteLifetime};
  quote.advised = Advised(*quote.rules, quote.evaluation);
  quote.token = MakeQuoteToken(*site.keys, id, prepared.request,
                               {.rule_set = quote.rules->version, .instant = checked.paid_at},
                               quote.valid_until);
  if (known_member == nullptr) return quote;
  quote.locale = known_member->locale;
  auto points = PointsOf(transaction, id, known_member->account);
  if (!points.ok()) return std::move(points).error();
  quote.points = std::move(points).value();
  return quote;
}

}  // namespace passmint::issuance
