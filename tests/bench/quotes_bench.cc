// How many orders a core can price: a parsed basket of ten lines under twenty rules, the answer as
// reason codes. Wanted: 100,000 quotes a second.

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "programme/evaluation.h"

namespace passmint::programme {
namespace {

// Twenty rules as shops have them: rates by category that compete, multipliers in windows and at
// hours, grants, limits, discounts of tier and group, promotions, a coupon.
constexpr const char* kRules = R"({
  "budgets": [{"id": "spring", "cap": 1000000}],
  "tiers": {"rate_basis": "split", "levels": [
    {"name": "start", "from": 0, "ppm": 30000},
    {"name": "silver", "from": 500000, "ppm": 50000, "discount_ppm": 20000},
    {"name": "gold", "from": 2000000, "ppm": 70000, "discount_ppm": 50000}]},
  "earn": [
    {"id": "by_tier", "rate": "card", "stack": {"group": "base"}, "exclude": {"category": ["gift-card"]}},
    {"id": "coffee", "ppm": 80000, "stack": {"group": "base"}, "include": {"category": ["coffee"]}},
    {"id": "tea", "ppm": 60000, "stack": {"group": "base"}, "include": {"category": ["tea", "mate"]}},
    {"id": "own_brand", "ppm": 100000, "stack": {"group": "base"}, "include": {"sku": ["S-1", "S-5", "S-9"]}},
    {"id": "per_thirty", "kind": "per_amount", "points": 1, "per": 3000, "include": {"category": ["grocery"]}},
    {"id": "autumn_x2", "kind": "multiplier", "factor_ppm": 2000000, "window": {"from": "2026-11-01", "until": "2026-12-01"}, "include": {"category": ["coffee"]}},
    {"id": "happy_hour", "kind": "multiplier", "factor_ppm": 1500000, "when": {"all": [{"field": "time.clock", "op": "ge", "value": "09:00"}, {"field": "time.clock", "op": "lt", "value": "12:00"}]}},
    {"id": "shop_7", "ppm": 10000, "when": {"field": "location", "value": "shop-7"}, "limits": {"order": 50}},
    {"id": "regular", "ppm": 5000, "when": {"field": "history.orders", "op": "ge", "value": 10}},
    {"id": "big_order", "kind": "fixed", "points": 100, "when": {"field": "order.money", "op": "ge", "value": 500000}},
    {"id": "first", "kind": "fixed", "points": 300, "when": {"field": "history.orders", "value": 0}, "once": "ever"},
    {"id": "supplier", "ppm": 20000, "funder": "supplier", "include": {"sku": ["S-2", "S-3"]}, "limits": {"budget": "spring"}},
    {"id": "birthday", "ppm": 50000, "when": {"field": "member.birthday_in", "op": "le", "value": 3}}],
  "discounts": [
    {"id": "tier_off", "stage": "standing", "rate": "tier"},
    {"id": "group_off", "stage": "standing", "ppm": 50000, "when": {"field": "member.group", "value": "staff"}},
    {"id": "two_for_one", "kind": "free", "buy": 2, "free": 1, "include": {"category": ["tea"]}},
    {"id": "sale", "ppm": 100000, "include": {"sku": ["S-4"]}, "window": {"from": "2026-11-15", "until": "2026-11-30"}},
    {"id": "delivery", "ppm": 1000000, "include": {"type": ["delivery"]}, "when": {"field": "order.amount", "op": "ge", "value": 300000}}],
  "coupons": [
    {"id": "spring", "scope": "order", "kind": "amount", "amount": 10000},
    {"id": "item", "scope": "item", "ppm": 200000, "include": {"sku": ["S-6"]}}],
  "burn": {"max_ppm_of_order": 500000}
})";

Basket TenLines() {
  const char* categories[] = {"coffee", "tea", "grocery", "mate", "cake"};
  Basket basket;
  basket.location = "shop-7";
  basket.source = "web";
  basket.coupons = {"spring"};
  for (int i = 0; i < 9; ++i) {
    basket.lines.push_back({.line_id = std::to_string(i + 1),
                            .sku = "S-" + std::to_string(i + 1),
                            .category = categories[i % 5],
                            .quantity = (1 + i % 3) * ledger::kUnit,
                            .amount = 19'990 + 1'111 * i});
  }
  basket.lines.push_back({.line_id = "10", .kind = LineKind::kDelivery, .amount = 30'000});
  return basket;
}

void PricesAnOrder(benchmark::State& state) {
  const RuleSet rules = ParseRules(json::Parse(kRules, 65536).value(), 1).value();
  if (rules.earn.size() + rules.discounts.size() + rules.coupons.size() != 20) std::abort();
  const auto zone = calendar::TimeZone::Find("Europe/Moscow").value();
  const Timestamp paid_at = ParseRfc3339("2026-11-21T10:30:00+03:00").value();
  const Basket basket = TenLines();
  Facts facts;
  facts.member.groups = {"regulars", "staff"};
  facts.member.birthday = std::chrono::year(1990) / 11 / 23;
  facts.tier = {.level = 1, .metric = 1'900'000};
  facts.history = {.orders = 12, .spend = 1'900'000};
  std::int64_t earned = 0;
  for (const auto iteration : state) {
    (void)iteration;
    auto evaluation = Evaluate(rules, zone, basket, facts, paid_at);
    if (!evaluation.ok()) std::abort();
    earned = evaluation.value().earned;
    benchmark::DoNotOptimize(evaluation);
  }
  state.counters["points"] = static_cast<double>(earned);
  state.counters["quotes/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(PricesAnOrder);

}  // namespace
}  // namespace passmint::programme

BENCHMARK_MAIN();
