#include "programme/quote.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ledger/arithmetic.h"

namespace passmint::programme {
namespace {

using ledger::LineRecord;
using ledger::MulDiv;
using ledger::Rounding;

__extension__ using Wide = __int128;

// What no amount may be: stands for everything beyond kAmountMax.
constexpr std::int64_t kTooMuch = ledger::kAmountMax + 1;

constexpr std::array<std::int64_t, 7> kPowersOfTen{1, 10, 100, 1000, 10000, 100000, 1000000};

// As MulDiv, but kTooMuch if the result is more than an amount may be: a worth of 1 point = 10^9
// minor units times 2^53 does not fit 63 bits.
std::int64_t Scaled(std::int64_t value, std::int64_t numerator, std::int64_t denominator,
                    Rounding rounding = Rounding::kFloor) {
  if (Wide{value} * numerator / denominator >= ledger::kAmountMax) return kTooMuch;
  return MulDiv(value, numerator, denominator, rounding);
}

// One line of the basket on its way into the record.
struct Line {
  std::size_t index = 0;  // In the basket.
  LineRecord record;
};

// Lines that are no discount, with what is left of their amounts once discounts are spread.
std::vector<Line> SpreadDiscounts(const Basket& basket) {
  std::vector<Line> lines;
  std::vector<std::int64_t> amounts;
  std::int64_t discount = 0;
  for (std::size_t i = 0; i < basket.lines.size(); ++i) {
    const BasketLine& line = basket.lines[i];
    if (line.kind == LineKind::kDiscount) {
      discount -= line.amount;
      continue;
    }
    LineRecord record;
    record.line_id = line.line_id;
    record.quantity = line.quantity;
    record.paid = line.amount;
    lines.push_back({i, std::move(record)});
    amounts.push_back(line.amount);
  }
  if (discount == 0 || lines.empty()) return lines;
  const std::vector<std::int64_t> shares = ledger::Split(discount, amounts);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i].record.paid -= shares[i];
  return lines;
}

// Points that a line asks for: a number, or enough for so many units.
std::int64_t Wanted(const RuleSet& rules, const BasketLine& line, const LineRecord& record) {
  if (line.points_quantity == 0) return line.points;
  const std::int64_t price = MulDiv(record.paid, line.points_quantity, line.quantity);
  return Scaled(price, rules.value_points, rules.value_minor, Rounding::kCeil);
}

// What `points` pay of a line: never more than it costs, though the last point may be worth more.
std::int64_t Worth(const RuleSet& rules, std::int64_t points, std::int64_t price) {
  return std::min(price, Scaled(points, rules.value_minor, rules.value_points));
}

Status PayWithPoints(const RuleSet& rules, const Basket& basket, std::vector<Line>& lines,
                     Quote& quote) {
  std::int64_t gross = 0;
  for (const Line& line : lines) gross += line.record.paid;
  const std::int64_t value_max = MulDiv(gross, rules.burn_max_ppm, 1'000'000);
  std::int64_t left = basket.burn_at_most.value_or(ledger::kAmountMax);
  std::int64_t value_left = value_max;
  for (Line& line : lines) {
    LineRecord& record = line.record;
    const bool by_units = basket.lines[line.index].points_quantity > 0;
    const std::string pointer =
        "/lines/" + std::to_string(line.index) + (by_units ? "/points_quantity" : "/points");
    std::int64_t points = Wanted(rules, basket.lines[line.index], record);
    const std::int64_t most =
        Scaled(record.paid, rules.value_points, rules.value_minor, Rounding::kCeil);
    if (points > most) {
      return InvalidInput("points_over_line", pointer,
                          "the line costs " + std::to_string(most) + " points");
    }
    quote.wanted += points;
    points = std::min(points, left);
    std::int64_t value = Worth(rules, points, record.paid);
    if (value > value_left) {
      if (!basket.burn_at_most) {
        return InvalidInput("points_over_order", pointer,
                            "points may pay " + std::to_string(value_max) + " of this order");
      }
      points = Scaled(value_left, rules.value_points, rules.value_minor);
      value = Worth(rules, points, record.paid);
    }
    if (value == 0 && points > 0) {
      // Fewer points than the smallest coin is worth pay nothing.
      if (!basket.burn_at_most) {
        return InvalidInput("out_of_range", pointer, "so few points are worth nothing");
      }
      points = 0;
    }
    left -= points;
    value_left -= value;
    record.burned = points;
    record.value = value;
    record.paid -= value;
    quote.burned += points;
  }
  return {};
}

Status Earn(const RuleSet& rules, const EarnRule& rule, const calendar::TimeZone& zone,
            const Basket& basket, Timestamp now, std::vector<Line>& lines, Quote& quote) {
  std::vector<std::int64_t> bases;
  std::int64_t base = 0;
  for (const Line& line : lines) {
    const bool earns = basket.lines[line.index].kind == LineKind::kProduct;
    bases.push_back(earns ? line.record.paid : 0);
    base += bases.back();
  }
  const std::int64_t unit = kPowersOfTen[static_cast<std::size_t>(basket.currency_exponent)];
  const std::int64_t scale = kPowersOfTen[static_cast<std::size_t>(rules.exponent)];
  const std::int64_t points = Scaled(base, rule.ppm * scale, 1'000'000 * unit, rules.rounding);
  if (points == kTooMuch) {
    return InvalidInput("amount_too_large", "/total", "it earns more than 9007199254740991 points");
  }
  if (points == 0) return {};
  const std::vector<std::int64_t> shares = ledger::Split(points, bases);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (shares[i] == 0) continue;
    lines[i].record.earned += shares[i];
    quote.reasons.push_back({rule.id, lines[i].record.line_id, shares[i]});
  }
  quote.earned += points;
  const Timestamp activates = ActivatesAt(rule.activate_after, zone, now);
  quote.earnings.push_back({.asset = quote.order.asset,
                            .amount = points,
                            .activates_at = activates,
                            .expires_at = ExpiresAt(rule.expires, zone, now),
                            .funder = rule.funder,
                            .derivations = {{.rule = rule.id,
                                             .rule_set_version = rules.version,
                                             .base_minor = base,
                                             .ppm = rule.ppm,
                                             .rounding = rules.rounding_name,
                                             .points = points}}});
  return {};
}

}  // namespace

Result<Quote> MakeQuote(const RuleSet& rules, const calendar::TimeZone& zone, const Basket& basket,
                        Timestamp now) {
  Quote quote;
  quote.order.asset = ledger::AssetId(ledger::kPointsAsset);
  std::vector<Line> lines = SpreadDiscounts(basket);
  if (Status paid = PayWithPoints(rules, basket, lines, quote); !paid.ok()) {
    return std::move(paid).error();
  }
  for (const EarnRule& rule : rules.earn) {
    if (Status earned = Earn(rules, rule, zone, basket, now, lines, quote); !earned.ok()) {
      return std::move(earned).error();
    }
  }
  for (Line& line : lines) quote.order.lines.push_back(std::move(line.record));
  return quote;
}

}  // namespace passmint::programme
