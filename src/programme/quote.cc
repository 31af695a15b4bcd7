#include "programme/quote.h"

#include <algorithm>
#include <utility>

#include "ledger/arithmetic.h"

namespace passmint::programme {
namespace {

using ledger::Earning;

const std::string kStampsPrefix = "stamps:";

const EarnRule& RuleOf(const RuleSet& rules, int index) {
  return rules.earn[static_cast<std::size_t>(index)];
}

// When points of a rule begin and cease to count and who pays for them.
Earning LotOf(const RuleSet& rules, const Given& given, const calendar::TimeZone& zone,
              Timestamp now) {
  const EarnRule& rule = RuleOf(rules, given.rule);
  const EarnRule& base = given.multiplied == kNone ? rule : RuleOf(rules, given.multiplied);
  const EarnRule& life = rule.lives_as_multiplied ? base : rule;
  const std::int64_t base_minor = given.base_minor;
  return {.asset = ledger::AssetId(ledger::kPointsAsset),
          .amount = given.points,
          .activates_at = ActivatesAt(life.activate_after, zone, now),
          .expires_at = ExpiresAt(life.expires, zone, now),
          .funder = rule.funder.empty() ? base.funder : rule.funder,
          .derivations = {{.rule = rule.id,
                           .rule_set_version = rules.version,
                           .base_minor = base_minor,
                           .ppm = given.ppm,
                           .rounding = rules.rounding_name,
                           .points = given.points}},
          .slides = TermOf(life.expires)};
}

// One lot per activation, expiry, sliding term and funder.
void Add(Earning earning, std::vector<Earning>& earnings) {
  const auto same = std::find_if(earnings.begin(), earnings.end(), [&](const Earning& other) {
    return other.asset == earning.asset && other.activates_at == earning.activates_at &&
           other.expires_at == earning.expires_at && other.slides == earning.slides &&
           other.funder == earning.funder;
  });
  if (same == earnings.end()) {
    earnings.push_back(std::move(earning));
    return;
  }
  same->amount += earning.amount;
  same->derivations.push_back(std::move(earning.derivations.front()));
}

// What a rule gave the lines, by line; nothing of what goes back in one piece, which the ledger has
// as a grant on the order. A grant that goes back in proportion stands on what money paid.
std::vector<std::int64_t> SharesOf(const EarnRule& rule, const Evaluation& evaluation,
                                   std::size_t given) {
  std::vector<std::int64_t> shares;
  if (rule.on_refund != OnRefund::kProportional) return shares;
  for (std::size_t line = 0; line < evaluation.lines.size(); ++line) {
    const bool on_order = evaluation.given[given].on_order;
    shares.push_back(on_order ? evaluation.lines[line].paid : evaluation.ShareOf(given, line));
  }
  return evaluation.given[given].on_order ? ledger::Split(evaluation.given[given].points, shares)
                                          : shares;
}

ledger::LineRecord RecordOf(const PricedLine& line, const BasketLine& asked) {
  ledger::LineRecord record;
  record.line_id = asked.line_id;
  record.quantity = asked.quantity;
  record.paid = line.paid;
  record.value = line.value;
  record.burned = line.burned;
  return record;
}

// Where stamps came from, by line; those of the whole order, and those that do not go back in
// proportion, stand on the order.
void AddStamps(const EarnRule& rule, const StampCard& card, const Evaluation::Stamped& stamped,
               Quote& quote) {
  if (stamped.by_line.empty() || rule.on_refund != OnRefund::kProportional) {
    quote.stamps.push_back({rule.id, card.id, "", stamped.count});
    return;
  }
  for (std::size_t l = 0; l < stamped.by_line.size(); ++l) {
    if (stamped.by_line[l] == 0) continue;
    quote.stamps.push_back({rule.id, card.id, quote.order.lines[l].line_id, stamped.by_line[l]});
  }
}

}  // namespace

ledger::AssetId StampAsset(const StampCard& card) {
  return ledger::AssetId(kStampsPrefix + card.id);
}

std::string StampCardOf(const ledger::AssetId& asset) {
  const std::string& text = asset.str();
  return text.starts_with(kStampsPrefix) ? text.substr(kStampsPrefix.size()) : std::string();
}

Quote ToLedger(const RuleSet& rules, const calendar::TimeZone& zone, const Basket& basket,
               const Evaluation& evaluation, Timestamp now) {
  Quote quote;
  quote.order.asset = ledger::AssetId(ledger::kPointsAsset);
  quote.wanted = evaluation.wanted;
  quote.burned = evaluation.burned;
  quote.earned = evaluation.earned;
  for (const PricedLine& line : evaluation.lines) {
    quote.order.lines.push_back(RecordOf(line, basket.lines[line.index]));
  }
  for (std::size_t g = 0; g < evaluation.given.size(); ++g) {
    const Given& given = evaluation.given[g];
    if (given.points == 0) continue;
    const std::string& rule = RuleOf(rules, given.rule).id;
    Add(LotOf(rules, given, zone, now), quote.earnings);
    const std::vector<std::int64_t> shares = SharesOf(RuleOf(rules, given.rule), evaluation, g);
    if (shares.empty()) {
      quote.order.grants.push_back({.rule = rule, .points = given.points});
      quote.reasons.push_back({rule, "", given.points});
    }
    for (std::size_t l = 0; l < shares.size(); ++l) {
      if (shares[l] == 0) continue;
      quote.order.lines[l].earned += shares[l];
      quote.reasons.push_back({rule, quote.order.lines[l].line_id, shares[l]});
    }
  }
  for (const Evaluation::Stamped& stamped : evaluation.stamps) {
    const EarnRule& rule = RuleOf(rules, stamped.rule);
    const StampCard& card = rules.stamps[static_cast<std::size_t>(rule.stamp)];
    AddStamps(rule, card, stamped, quote);
    Add({.asset = StampAsset(card),
         .amount = stamped.count,
         .activates_at = ActivatesAt(rule.activate_after, zone, now),
         .expires_at = ExpiresAt(rule.expires, zone, now),
         .funder = rule.funder,
         .derivations = {{.rule = rule.id,
                          .rule_set_version = rules.version,
                          .rounding = rules.rounding_name,
                          .points = stamped.count}},
         .slides = TermOf(rule.expires)},
        quote.earnings);
  }
  return quote;
}

Result<Quote> MakeQuote(const RuleSet& rules, const calendar::TimeZone& zone, const Basket& basket,
                        const Facts& facts, Timestamp paid_at, Timestamp now) {
  auto evaluation = Evaluate(rules, zone, basket, facts, paid_at);
  if (!evaluation.ok()) return std::move(evaluation).error();
  return ToLedger(rules, zone, basket, evaluation.value(), now);
}

std::vector<std::int64_t> PerUnit(std::int64_t points, ledger::Quantity quantity) {
  std::vector<std::int64_t> weights(static_cast<std::size_t>(quantity / ledger::kUnit),
                                    ledger::kUnit);
  if (quantity % ledger::kUnit != 0) weights.push_back(quantity % ledger::kUnit);
  return ledger::Split(points, weights);
}

}  // namespace passmint::programme
