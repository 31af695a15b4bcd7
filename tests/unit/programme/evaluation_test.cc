// What holds of every evaluation, whatever the rules and the basket: tried on baskets and rule sets
// made from seeds.

#include "programme/evaluation.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace passmint::programme {
namespace {

const calendar::TimeZone kMoscow = calendar::TimeZone::Find("Europe/Moscow").value();
const Timestamp kPaidAt = ParseRfc3339("2026-11-21T10:30:00+03:00").value();

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::int64_t Up(std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
  }
  bool OneIn(int n) { return Up(n - 1) == 0; }

  Json Rule(const std::string& id, const char* list) {
    Json rule{{"id", id}, {"priority", Up(3)}};
    if (OneIn(2)) rule["include"]["category"] = Json::array({Category()});
    if (OneIn(3)) rule["exclude"]["sku"] = Json::array({"S" + std::to_string(Up(5))});
    if (OneIn(2)) rule["stack"] = {{"group", std::string("g") + std::to_string(Up(1))}};
    if (OneIn(4)) rule["limits"]["order"] = Up(500);
    if (OneIn(5)) rule["limits"]["line"] = Up(300);
    if (OneIn(5)) rule["limits"]["budget"] = "b";
    if (std::string(list) == "earn") return Earning(std::move(rule));
    const std::int64_t kind = Up(3);
    if (kind == 0) rule["ppm"] = Up(1'000'000);
    if (kind == 1) rule.update({{"kind", "amount"}, {"amount", Up(5'000)}});
    if (kind == 2) rule.update({{"kind", "price"}, {"amount", Up(20'000)}});
    if (kind == 3) rule.update({{"kind", "free"}, {"buy", 1 + Up(3)}, {"free", 1}});
    return rule;
  }

  Json Rules() {
    Json rules{{"budgets", Json::array({{{"id", "b"}, {"cap", Up(1000)}, {"partial", OneIn(2)}}})},
               {"points", {{"rounding", OneIn(2) ? "floor" : "half_even"}}},
               {"burn", {{"max_ppm_of_order", 500'000}}}};
    for (const char* list : {"earn", "discounts", "coupons"}) {
      rules[list] = Json::array();
      for (int i = 0; i < 5; ++i) {
        rules[list].push_back(Rule(list + std::to_string(i), list));
      }
    }
    if (OneIn(3)) rules["limits"]["order"] = Up(400);
    return rules;
  }

  Basket Goods() {
    Basket basket;
    basket.coupons = {"coupons0", "coupons3"};
    std::int64_t sum = 0;
    const std::int64_t count = 1 + Up(9);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t amount = OneIn(5) ? 0 : Up(100'000);
      sum += amount;
      basket.lines.push_back({.line_id = std::to_string(i),
                              .kind = static_cast<LineKind>(OneIn(4) ? Up(2) : 0),
                              .sku = "S" + std::to_string(Up(5)),
                              .category = Category(),
                              .quantity = 1 + Up(5'000),
                              .amount = amount,
                              .points = OneIn(3) ? Up(amount / 300) : 0});
    }
    if (OneIn(2)) {
      basket.lines.push_back({.line_id = "off",
                              .kind = LineKind::kDiscount,
                              .sku = OneIn(2) ? "S1" : "",
                              .amount = -Up(sum)});
    }
    basket.burn_at_most = Up(1000);
    return basket;
  }

 private:
  Json Earning(Json rule) {
    const std::int64_t kind = Up(3);
    if (kind == 0) rule["ppm"] = Up(300'000);
    if (kind == 1) rule.update({{"kind", "per_amount"}, {"per", 1 + Up(5'000)}, {"points", Up(9)}});
    if (kind == 2) {
      // A multiplier and a rate do not share a group here.
      rule.update({{"kind", "multiplier"}, {"factor_ppm", 1'000'000 + Up(4'000'000)}});
    }
    if (kind == 3) rule.update({{"kind", "fixed"}, {"points", Up(500)}});
    return rule;
  }

  std::string Category() { return std::string(1, static_cast<char>('a' + Up(3))); }

  std::mt19937 random_;
};

// Every line's amount is discount, points' worth and money; nothing is below zero; what a rule gave
// is what its shares add up to.
void ExpectSound(const Evaluation& result, const Basket& basket) {
  std::int64_t sent = 0;
  for (const BasketLine& line : basket.lines) sent += line.amount;
  EXPECT_EQ(result.amount, sent);
  EXPECT_EQ(result.amount, result.discount + result.value + result.paid);
  std::int64_t on_lines = 0;
  for (const PricedLine& line : result.lines) {
    EXPECT_EQ(line.amount, line.discount + line.value + line.paid);
    EXPECT_GE(std::min({line.amount, line.discount, line.value, line.paid, line.earned}), 0);
    EXPECT_TRUE(line.paid > 0 || line.earned == 0) << "points on what money did not pay";
    on_lines += line.earned;
  }
  std::int64_t given = 0;
  for (std::size_t g = 0; g < result.given.size(); ++g) {
    std::int64_t shares = 0;
    for (std::size_t l = 0; l < result.lines.size(); ++l) shares += result.ShareOf(g, l);
    EXPECT_EQ(shares, result.given[g].on_order ? 0 : result.given[g].points);
    EXPECT_LE(result.given[g].points, result.given[g].before_limits);
    if (result.given[g].on_order) on_lines += result.given[g].points;
    given += result.given[g].points;
  }
  EXPECT_EQ(result.earned, given);
  EXPECT_EQ(result.earned, on_lines);
  EXPECT_LE(result.value, (result.amount - result.discount + 1) / 2 + 1);
}

TEST(EvaluationTest, AddsUpWhateverTheRulesAndTheBasket) {
  int evaluated = 0;
  for (unsigned seed = 0; seed < 1'500; ++seed) {
    Maker maker(seed);
    const Json json = maker.Rules();
    const auto rules = ParseRules(json, 1);
    ASSERT_TRUE(rules.ok()) << rules.error().message;
    const Basket basket = maker.Goods();
    const auto result = Evaluate(rules.value(), kMoscow, basket, Facts{}, kPaidAt);
    if (!result.ok()) {
      EXPECT_EQ(result.error().problems.front().code, "points_over_line");
      continue;
    }
    ++evaluated;
    ExpectSound(result.value(), basket);
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ": " << json::Dump(json);
  }
  EXPECT_GT(evaluated, 1'000);
}

TEST(EvaluationTest, DoesNotDependOnTheOrderInWhichRulesAreWritten) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Maker maker(seed);
    Json json = maker.Rules();
    Basket basket = maker.Goods();
    for (BasketLine& line : basket.lines) line.points = 0;
    const auto one = Evaluate(ParseRules(json, 1).value(), kMoscow, basket, Facts{}, kPaidAt);
    for (const char* list : {"earn", "discounts", "coupons"}) {
      std::reverse(json[list].begin(), json[list].end());
    }
    const auto other = Evaluate(ParseRules(json, 1).value(), kMoscow, basket, Facts{}, kPaidAt);
    ASSERT_TRUE(one.ok() && other.ok());
    ASSERT_EQ(one.value().earned, other.value().earned) << "seed " << seed;
    ASSERT_EQ(one.value().discount, other.value().discount) << "seed " << seed;
    for (std::size_t i = 0; i < one.value().lines.size(); ++i) {
      ASSERT_EQ(one.value().lines[i].earned, other.value().lines[i].earned) << "seed " << seed;
    }
  }
}

TEST(EvaluationTest, WhatDoesNotFitIsRefusedAndNeverWrong) {
  // 10^9 times more points than may be, and products beyond 126 bits.
  const auto refused = [](const std::string& text, std::int64_t amount) {
    Basket basket;
    basket.currency_exponent = 0;
    basket.lines.push_back({.line_id = "1", .amount = amount});
    const auto rules = ParseRules(json::Parse(text, 65536).value(), 1);
    EXPECT_TRUE(rules.ok()) << rules.error().message;
    const auto result = Evaluate(rules.value(), kMoscow, basket, Facts{}, kPaidAt);
    return result.ok() ? "fits" : result.error().problems.front().code;
  };
  const std::string rate = R"("points":{"exponent":6},"earn":[{"id":"a","ppm":999999})";
  std::string multiplied = "{" + rate;
  for (int i = 0; i < 9; ++i) {
    multiplied +=
        R"(,{"id":"m)" + std::to_string(i) + R"(","kind":"multiplier","factor_ppm":99999999})";
  }
  EXPECT_EQ(refused("{" + rate + "]}", ledger::kAmountMax), "amount_too_large");
  EXPECT_EQ(refused("{" + rate + "]}", 1'000'000), "fits");
  EXPECT_EQ(refused(multiplied + "]}", 1'000), "amount_too_large");
  const std::string fixed = R"({"earn":[{"id":"a","kind":"fixed","points":9007199254740991})";
  EXPECT_EQ(refused(fixed + "]}", 1), "fits");
  EXPECT_EQ(refused(fixed + R"(,{"id":"b","kind":"fixed","points":1}]})", 1), "amount_too_large");
}

}  // namespace
}  // namespace passmint::programme
