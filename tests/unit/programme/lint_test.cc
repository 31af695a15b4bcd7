#include "programme/lint.h"

#include <gtest/gtest.h>

#include <string>

namespace passmint::programme {
namespace {

const calendar::TimeZone kMoscow = calendar::TimeZone::Find("Europe/Moscow").value();

LintReport Linted(const std::string& text) {
  const auto json = json::Parse(text, 65536);
  EXPECT_TRUE(json.ok()) << text;
  return Lint(json.ok() ? json.value() : Json(), kMoscow, 2);
}

// "id pointer;" of every finding.
std::string Found(const std::string& text) {
  std::string found;
  for (const Finding& finding : Linted(text).findings) {
    EXPECT_FALSE(finding.cause.empty());
    EXPECT_FALSE(finding.cure.empty());
    found += finding.id + " " + finding.pointer + ";";
  }
  return found;
}

std::string Earn(const std::string& rules) { return R"({"earn":[)" + rules + "]}"; }

TEST(LintTest, SaysNothingOfAnOrdinaryProgramme) {
  EXPECT_EQ(Found(Earn(R"({"id":"base","ppm":50000})")), "");
  EXPECT_EQ(Found("{}"), "");
}

TEST(LintTest, UnknownFieldsAndImpossibleNumbersAreErrors) {
  const LintReport report = Linted(R"({"earn":[{"id":"a","pmm":1},{"id":"b","ppm":1000001}]})");
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_FALSE(report.publishable());
  EXPECT_EQ(report.findings[0].id, "unknown_field");
  EXPECT_EQ(report.findings[0].pointer, "/earn/0/pmm");
  EXPECT_EQ(report.findings[1].id, "out_of_range");
  EXPECT_EQ(report.findings[1].pointer, "/earn/1/ppm");
  EXPECT_TRUE(Linted(Earn(R"({"id":"a"})")).publishable());
}

TEST(LintTest, AWindowThatEndsBeforeItBeginsIsAnError) {
  EXPECT_EQ(
      Found(Earn(R"({"id":"a","ppm":1,"window":{"from":"2026-12-02","until":"2026-12-01"}})")),
      "window_ends_before_it_begins /earn/0/window/until;");
}

TEST(LintTest, OverlappingTiersAreAnError) {
  EXPECT_EQ(Found(R"({"tiers":{"levels":[{"name":"a","from":5},{"name":"b","from":5}]}})"),
            "tiers_overlap /tiers/levels/1/from;");
}

TEST(LintTest, FindsConditionsThatNoOrderSatisfies) {
  const auto when = [](const std::string& condition) {
    return Found(Earn(R"({"id":"a","ppm":1,"when":)" + condition + "}"));
  };
  const std::string never = "never_fires /earn/0/when;";
  EXPECT_EQ(when(R"({"all":[{"field":"order.amount","op":"ge","value":100},
                            {"field":"order.amount","op":"lt","value":100}]})"),
            never);
  EXPECT_EQ(when(R"({"all":[{"field":"order.amount","op":"ge","value":100},
                            {"field":"order.amount","op":"le","value":100}]})"),
            "");
  EXPECT_EQ(when(R"({"all":[{"field":"location","value":"a"},{"field":"location","value":"b"}]})"),
            never);
  EXPECT_EQ(when(R"({"field":"time.month","value":13})"), never);
  EXPECT_EQ(when(R"({"field":"order.lines","op":"lt","value":0})"), never);
  EXPECT_EQ(when(R"({"field":"tier.name","value":"gold"})"), never);
  EXPECT_EQ(when(R"({"field":"tier.level","op":"ge","value":0})"), never);
  EXPECT_EQ(when(R"({"any":[{"field":"time.day","value":32},{"field":"time.day","value":31}]})"),
            "");
  EXPECT_EQ(when(R"({"all":[{"field":"time.day","value":30},
                            {"any":[{"field":"time.day","value":32},{"field":"time.day","value":31}]}]})"),
            never);
  EXPECT_EQ(
      when(
          R"({"all":[{"field":"member.group","value":"a"},{"field":"member.group","value":"b"}]})"),
      "");
}

TEST(LintTest, FindsRulesThatExcludeAllThatTheyInclude) {
  EXPECT_EQ(
      Found(Earn(R"({"id":"a","ppm":1,"include":{"sku":["A"]},"exclude":{"sku":["A","B"]}})")),
      "never_fires /earn/0/exclude;");
  EXPECT_EQ(
      Found(Earn(R"({"id":"a","ppm":1,"include":{"sku":["A","C"]},"exclude":{"sku":["A"]}})")), "");
  EXPECT_EQ(Found(Earn(R"({"id":"a","ppm":1,"exclude":{"type":["product"]}})")),
            "never_fires /earn/0/exclude;");
}

TEST(LintTest, FindsRulesThatGiveNothing) {
  EXPECT_EQ(Found(Earn(R"({"id":"a"})")), "never_fires /earn/0;");
  EXPECT_EQ(Found(Earn(R"({"id":"a","kind":"fixed"})")), "never_fires /earn/0;");
  EXPECT_EQ(Found(Earn(R"({"id":"a","kind":"multiplier"})")), "never_fires /earn/0;");
  EXPECT_EQ(Found(Earn(R"({"id":"a","rate":"tier"})")), "never_fires /earn/0/rate;");
  EXPECT_EQ(Found(Earn(R"({"id":"a","ppm":1,"limits":{"order":0}})")),
            "never_fires /earn/0/limits;");
  EXPECT_EQ(Found(R"({"discounts":[{"id":"a"}]})"), "never_fires /discounts/0;");
  EXPECT_EQ(
      Found(
          R"({"budgets":[{"id":"b","cap":0}],"earn":[{"id":"a","ppm":1,"limits":{"budget":"b"}}]})"),
      "never_fires /earn/0/limits;");
  EXPECT_EQ(Found(R"({"effective_from":"2026-12-02T00:00:00+03:00",
                      "earn":[{"id":"a","ppm":1,"window":{"until":"2026-12-01"}}]})"),
            "never_fires /earn/0/window;");
}

TEST(LintTest, FindsRulesThatAnotherOfTheirGroupAlwaysBeats) {
  const std::string group = R"("stack":{"group":"g"})";
  EXPECT_EQ(Found(Earn(R"({"id":"a","ppm":50000,)" + group + R"(},{"id":"b","ppm":30000,)" + group +
                       R"(,"include":{"category":["tea"]}})")),
            "outranked /earn/1;");
  EXPECT_EQ(Found(Earn(R"({"id":"a","ppm":50000,)" + group + R"(},{"id":"b","ppm":60000,)" + group +
                       R"(,"include":{"category":["tea"]}})")),
            "");
}

TEST(LintTest, FindsWindowsOfAGroupThatOverlap) {
  const auto windows = [](const std::string& second) {
    return Found(Earn(
        R"({"id":"a","ppm":1,"stack":{"group":"g"},"window":{"from":"2026-12-01","until":"2026-12-11"}},
           {"id":"b","ppm":2,"stack":{"group":"g"},"window":{"from":")" +
        second + R"("}})"));
  };
  EXPECT_EQ(windows("2026-12-10"), "windows_overlap /earn/1/window;");
  EXPECT_EQ(windows("2026-12-11"), "");
}

TEST(LintTest, FindsTheSmallestBasketThatGetsMoreThanItCosts) {
  // 300 points of 1.00 for any order: 299.99 gets more than it costs, and so does 0.01.
  const LintReport any = Linted(Earn(R"({"id":"hello","kind":"fixed","points":300})"));
  ASSERT_EQ(any.findings.size(), 1U);
  EXPECT_EQ(any.findings[0].id, "pays_over_price");
  EXPECT_EQ(any.findings[0].pointer, "/earn/0");
  EXPECT_EQ(any.findings[0].example["price"], 1);
  EXPECT_EQ(any.findings[0].example["pays"], 30'000);
  // From 300.00 on it does not.
  EXPECT_EQ(Found(Earn(R"({"id":"hello","kind":"fixed","points":300,
                           "when":{"field":"order.money","op":"ge","value":30000}})")),
            "");
  // From 299.99 on one basket does.
  const LintReport least = Linted(Earn(R"({"id":"hello","kind":"fixed","points":300,
      "when":{"field":"order.money","op":"ge","value":29999}})"));
  ASSERT_EQ(least.findings.size(), 1U);
  EXPECT_EQ(least.findings[0].example["price"], 29'999);
}

TEST(LintTest, FindsRatesThatAddUpToMoreThanThePrice) {
  // 40 % three times is 120 %; the first price at which whole points show it is 1.00 with 1 point.
  const LintReport report = Linted(Earn(
      R"({"id":"base","ppm":400000},{"id":"x3","kind":"multiplier","factor_ppm":3000000,
          "include":{"category":["coffee"]},"window":{"from":"2026-12-01","until":"2026-12-02"}})"));
  ASSERT_EQ(report.findings.size(), 1U);
  const Json& example = report.findings[0].example;
  EXPECT_EQ(example["lines"][0]["category"], "coffee");
  EXPECT_EQ(example["paid_at"], "2026-11-30T21:00:00Z");
  EXPECT_GT(example["pays"], example["price"]);
  EXPECT_EQ(report.payout_ppm_max, 1'200'000);
}

TEST(LintTest, ACouponAndPointsTogetherAreFound) {
  // Half off, and 60 % back of what is left is 80 %: fine. With 110 % in three rules it is not.
  EXPECT_EQ(Found(R"({"earn":[{"id":"a","ppm":600000}],
                      "coupons":[{"id":"half","kind":"percent","ppm":500000}]})"),
            "");
  EXPECT_EQ(Linted(R"({"earn":[{"id":"a","ppm":600000}],
                       "coupons":[{"id":"half","kind":"percent","ppm":500000}]})")
                .payout_ppm_max,
            800'000);
  EXPECT_NE(Found(R"({"earn":[{"id":"a","ppm":600000},{"id":"b","ppm":500000}],
                      "coupons":[{"id":"half","kind":"percent","ppm":500000}]})")
                .find("pays_over_price"),
            std::string::npos);
}

TEST(LintTest, SaysHowMuchALineGetsAtMost) {
  EXPECT_EQ(Linted(Earn(R"({"id":"base","ppm":50000})")).payout_ppm_max, 50'000);
  const LintReport vip = Linted(R"({"tiers":{"levels":[{"name":"start","from":0,"ppm":10000},
      {"name":"vip","from":100,"ppm":70000,"discount_ppm":100000}]},
      "discounts":[{"id":"d","stage":"standing","rate":"tier"}]})");
  // 10 % off and 7 % of the other 90 %.
  EXPECT_EQ(vip.payout_ppm_max, 163'000);
}

}  // namespace
}  // namespace passmint::programme
