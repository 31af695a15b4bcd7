// What refunds leave of an order, and whether that still gets what a rule gave; and how the ledger
// has what goes back in one piece.

#include "programme/qualify.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "programme/quote.h"

namespace passmint::programme {
namespace {

const Timestamp kNow = ParseRfc3339("2026-11-21T10:00:00Z").value();

calendar::TimeZone Moscow() { return calendar::TimeZone::Find("Europe/Moscow").value(); }

// One earning rule.
RuleSet With(const std::string& rule) {
  return ParseRules(json::Parse(R"({"earn":[)" + rule + "]}", 65536).value(), 1).value();
}

Basket CoffeeAndMug() {
  Basket basket;
  basket.lines = {{.line_id = "1", .sku = "ESP-1", .amount = 100000},
                  {.line_id = "2", .sku = "MUG", .amount = 50000}};
  return basket;
}

// Whether the rule still gives something for so much of the coffee and of the mug.
bool Qualifies(const std::string& rule, std::int64_t coffee, std::int64_t mug) {
  const RuleSet rules = With(rule);
  const std::vector<LeftLine> left = {{.index = 0, .amount = coffee, .paid = coffee},
                                      {.index = 1, .amount = mug, .paid = mug}};
  return StillQualifies(rules, rules.earn.front(), Moscow(), CoffeeAndMug(), left, Facts{}, kNow);
}

TEST(StillQualifies, LooksAtWhatIsLeftOfTheOrder) {
  const std::string least =
      R"({"id":"a","kind":"fixed","points":1,"when":{"field":"order.money","op":"ge","value":90000}})";
  EXPECT_TRUE(Qualifies(least, 40000, 50000));
  EXPECT_FALSE(Qualifies(least, 39999, 50000));
}

TEST(StillQualifies, WantsMoneyForSomethingThatTheRuleTakes) {
  const std::string mug = R"({"id":"a","kind":"fixed","points":1,"include":{"sku":["MUG"]}})";
  EXPECT_TRUE(Qualifies(mug, 0, 1));
  EXPECT_FALSE(Qualifies(mug, 100000, 0));
}

std::string Ledger(const std::string& rule) {
  const auto quote = MakeQuote(With(rule), Moscow(), CoffeeAndMug(), Facts{}, kNow, kNow);
  EXPECT_TRUE(quote.ok());
  std::string text;
  for (const auto& line : quote.value().order.lines) text += std::to_string(line.earned) + " ";
  for (const auto& grant : quote.value().order.grants) {
    text += grant.rule + " " + std::to_string(grant.points) + " ";
  }
  std::int64_t reasons = 0;
  for (const EarnedOn& reason : quote.value().reasons) reasons += reason.points;
  return text + "= " + std::to_string(reasons);
}

TEST(OnRefund, WhatGoesInOnePieceIsAGrantAndWhatGoesInProportionIsOnTheLines) {
  EXPECT_EQ(Ledger(R"({"id":"a","ppm":50000})"), "50 25 = 75");
  EXPECT_EQ(Ledger(R"({"id":"a","ppm":50000,"on_refund":"on_full"})"), "0 0 a 75 = 75");
  EXPECT_EQ(Ledger(R"({"id":"a","ppm":50000,"when":{"field":"order.net","op":"ge","value":1}})"),
            "0 0 a 75 = 75");
  EXPECT_EQ(Ledger(R"({"id":"a","kind":"fixed","points":100})"), "0 0 a 100 = 100");
  EXPECT_EQ(Ledger(R"({"id":"a","kind":"fixed","points":100,"on_refund":"proportional"})"),
            "67 33 = 100");
}

}  // namespace
}  // namespace passmint::programme
