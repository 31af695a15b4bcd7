// What a rule set sells: plans that members pay for, and the price of a card.

#include <gtest/gtest.h>

#include <string>

#include "json/json.h"
#include "programme/lint.h"
#include "programme/rules.h"

namespace passmint::programme {
namespace {

Json Read(const std::string& text) {
  auto json = json::Parse(text, 65536);
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? std::move(json).value() : Json();
}

// "code pointer;" of every problem, or "accepted".
std::string Refused(const std::string& text) {
  const auto rules = ParseRules(Read(text), 1);
  if (rules.ok()) return "accepted";
  std::string problems;
  for (const InputProblem& problem : rules.error().problems) {
    problems += problem.code + " " + problem.pointer + ";";
  }
  return problems;
}

std::string RefusedPlan(const std::string& plan) {
  return Refused(R"({"memberships":[)" + plan + "]}");
}

// "id pointer;" of every finding of rules that give members of a plan something.
std::string Found(const std::string& memberships, const std::string& asked) {
  const LintReport report =
      Lint(Read(R"({"earn":[{"id":"club","ppm":50000,"when":{"field":"member.membership",)" +
                asked + R"(}}],"memberships":)" + memberships + "}"),
           calendar::TimeZone::Find("Europe/Moscow").value(), 2);
  std::string found;
  for (const Finding& finding : report.findings) found += finding.id + " " + finding.pointer + ";";
  return found;
}

TEST(MembershipPlansTest, APlanHasAPriceAPeriodAndAGrace) {
  const auto rules = ParseRules(Read(R"({"memberships":[
    {"id":"gold","title":"Gold club","price_minor":99000,"period":"P1Y","grace":"P14D"}]})"),
                                1);
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  ASSERT_EQ(rules.value().memberships.size(), 1U);
  const MembershipPlan& plan = rules.value().memberships.front();
  EXPECT_EQ(plan.id, "gold");
  EXPECT_EQ(plan.title, "Gold club");
  EXPECT_EQ(plan.price_minor, 99'000);
  EXPECT_EQ(plan.period, (Period{.months = 12, .days = 0}));
  EXPECT_EQ(plan.grace, (Period{.months = 0, .days = 14}));
}

TEST(MembershipPlansTest, APlanThatSaysNothingIsFreeLastsAMonthAndHasNoGrace) {
  const auto rules = ParseRules(Read(R"({"memberships":[{"id":"club"}]})"), 1);
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  const MembershipPlan& plan = rules.value().memberships.front();
  EXPECT_EQ(plan.price_minor, 0);
  EXPECT_EQ(plan.period, (Period{.months = 1, .days = 0}));
  EXPECT_EQ(plan.grace, Period{});
}

TEST(MembershipPlansTest, WhatIsWrongWithAPlanIsToldWithItsPlace) {
  EXPECT_EQ(RefusedPlan("{}"), "invalid_id /memberships/0/id;");
  EXPECT_EQ(RefusedPlan(R"({"id":"a","period":"P0D"})"), "out_of_range /memberships/0/period;");
  EXPECT_EQ(RefusedPlan(R"({"id":"a","period":"PT1H"})"), "invalid_period /memberships/0/period;");
  EXPECT_EQ(RefusedPlan(R"({"id":"a","price_minor":-1})"),
            "out_of_range /memberships/0/price_minor;");
  EXPECT_EQ(RefusedPlan(R"({"id":"a","prise_minor":1})"),
            "unknown_field /memberships/0/prise_minor;");
  EXPECT_EQ(RefusedPlan(R"({"id":"a"},{"id":"a"})"), "duplicate /memberships/1/id;");
}

TEST(MembershipPlansTest, ARuleForMembersOfAPlanThatIsNotSoldNeverFires) {
  const std::string gold = R"([{"id":"gold"}])";
  EXPECT_EQ(Found(gold, R"("value":"gold")"), "");
  EXPECT_EQ(Found(gold, R"("value":"silver")"), "never_fires /earn/0/when;");
  EXPECT_EQ(Found(gold, R"("op":"in","value":["silver","gold"])"), "");
  EXPECT_EQ(Found("[]", R"("op":"ne","value":"gold")"), "");
}

TEST(CardSaleTest, GoodsThatPayForACardNeedItsPrice) {
  EXPECT_EQ(Refused(R"({"card":{"price_minor":50000,"sku":"CARD"}})"), "accepted");
  EXPECT_EQ(Refused(R"({"card":{"sku":"CARD"}})"), "required /card/price_minor;");
  EXPECT_EQ(Refused(R"({"card":{"price":1}})"), "unknown_field /card/price;");
}

}  // namespace
}  // namespace passmint::programme
