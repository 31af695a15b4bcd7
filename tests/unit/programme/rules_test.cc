#include "programme/rules.h"

#include <gtest/gtest.h>

#include <string>

#include "json/json.h"

namespace passmint::programme {
namespace {

Json Read(const std::string& text) {
  auto json = json::Parse(text, 1024 * 1024);
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? std::move(json).value() : Json();
}

// "code pointer;" of every problem, or "accepted".
std::string Refused(const std::string& text) {
  const auto rules = ParseRules(Read(text), 1);
  if (rules.ok()) return "accepted";
  EXPECT_EQ(rules.error().code, ErrorCode::kInvalidArgument);
  std::string problems;
  for (const InputProblem& problem : rules.error().problems) {
    problems += problem.code + " " + problem.pointer + ";";
  }
  return problems;
}

std::string RefusedRule(const std::string& rule) { return Refused(R"({"earn":[)" + rule + "]}"); }

TEST(RulesTest, ReadsEveryField) {
  const auto read = ParseRules(Read(R"({
    "format": 1,
    "points": {"exponent": 2, "value": {"points": 10, "minor": 1}, "rounding": "half_even"},
    "earn": [{"id": "base", "kind": "percent", "ppm": 50000, "activate_after": "P14D",
              "expires": {"after": "P1Y6M", "round_to": "quarter"}, "funder": "supplier"}],
    "burn": {"max_ppm_of_order": 300000},
    "refunds": {"debt": "within_balance", "debt_limit": 500, "expired": "expire", "grace": "P2W"}})"),
                               7);
  ASSERT_TRUE(read.ok()) << read.error().message;
  const RuleSet& rules = read.value();
  EXPECT_EQ(rules.version, 7);
  EXPECT_EQ(rules.exponent, 2);
  EXPECT_EQ(rules.value_points, 10);
  EXPECT_EQ(rules.value_minor, 1);
  EXPECT_EQ(rules.rounding, ledger::Rounding::kHalfEven);
  EXPECT_EQ(rules.rounding_name, "half_even");
  EXPECT_EQ(rules.burn_max_ppm, 300'000);
  EXPECT_EQ(rules.refunds.debt, ledger::Policy::Debt::kWithinBalance);
  EXPECT_EQ(rules.refunds.debt_limit, 500);
  EXPECT_EQ(rules.refunds.restore, ledger::Policy::Restore::kExpire);
  EXPECT_EQ(rules.refunds.grace, std::chrono::days(14));
  ASSERT_EQ(rules.earn.size(), 1U);
  const EarnRule& base = rules.earn.front();
  EXPECT_EQ(base.id, "base");
  EXPECT_EQ(base.ppm, 50'000);
  EXPECT_EQ(base.activate_after, (Period{.months = 0, .days = 14}));
  EXPECT_FALSE(base.expires.never);
  EXPECT_EQ(base.expires.after, (Period{.months = 18, .days = 0}));
  EXPECT_EQ(base.expires.round_to, RoundTo::kQuarter);
  EXPECT_EQ(base.funder, "supplier");
}

TEST(RulesTest, NothingIsARuleSetThatGivesNothing) {
  const auto rules = ParseRules(Json::object(), 3);
  ASSERT_TRUE(rules.ok());
  EXPECT_EQ(rules.value().version, 3);
  EXPECT_TRUE(rules.value().earn.empty());
  EXPECT_EQ(rules.value().value_points, 1);
  EXPECT_EQ(rules.value().value_minor, 100);
  EXPECT_EQ(rules.value().burn_max_ppm, 1'000'000);
}

TEST(RulesTest, ARuleWithoutExpiryGivesPointsForEverAndPaysItself) {
  const auto rules = ParseRules(Read(R"({"earn":[{"id":"a","ppm":1,"funder":"own"}]})"), 1);
  ASSERT_TRUE(rules.ok());
  EXPECT_TRUE(rules.value().earn.front().expires.never);
  EXPECT_EQ(rules.value().earn.front().activate_after, Period{});
  EXPECT_EQ(rules.value().earn.front().funder, "");
}

TEST(RulesTest, RefusesWhatItDoesNotKnowWhereItStands) {
  EXPECT_EQ(Refused(R"({"tiers":[]})"), "unknown_field /tiers;");
  EXPECT_EQ(Refused(R"({"points":{"expires":1}})"), "unknown_field /points/expires;");
  EXPECT_EQ(Refused(R"({"points":{"value":{"coins":1}}})"), "unknown_field /points/value/coins;");
  EXPECT_EQ(Refused(R"({"burn":{"max":1}})"), "unknown_field /burn/max;");
  EXPECT_EQ(Refused(R"({"refunds":{"mode":1}})"), "unknown_field /refunds/mode;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","when":{}})"), "unknown_field /earn/0/when;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","expires":{"after":"P1D","at":1}})"),
            "unknown_field /earn/0/expires/at;");
}

TEST(RulesTest, RefusesNumbersOutOfRange) {
  EXPECT_EQ(Refused(R"({"format":2})"), "out_of_range /format;");
  EXPECT_EQ(Refused(R"({"points":{"exponent":7}})"), "out_of_range /points/exponent;");
  EXPECT_EQ(Refused(R"({"points":{"exponent":-1}})"), "out_of_range /points/exponent;");
  EXPECT_EQ(Refused(R"({"points":{"exponent":1.5}})"), "out_of_range /points/exponent;");
  EXPECT_EQ(Refused(R"({"points":{"value":{"points":0}}})"), "out_of_range /points/value/points;");
  EXPECT_EQ(Refused(R"({"points":{"value":{"minor":1000000001}}})"),
            "out_of_range /points/value/minor;");
  EXPECT_EQ(Refused(R"({"burn":{"max_ppm_of_order":1000001}})"),
            "out_of_range /burn/max_ppm_of_order;");
  EXPECT_EQ(Refused(R"({"refunds":{"debt_limit":-1}})"), "out_of_range /refunds/debt_limit;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","ppm":1000001})"), "out_of_range /earn/0/ppm;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","ppm":18446744073709551615})"), "out_of_range /earn/0/ppm;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","ppm":"5"})"), "out_of_range /earn/0/ppm;");
}

TEST(RulesTest, RefusesWordsThatMeanNothingHere) {
  EXPECT_EQ(Refused(R"({"points":{"rounding":"up"}})"), "unknown_value /points/rounding;");
  EXPECT_EQ(Refused(R"({"refunds":{"debt":"no"}})"), "unknown_value /refunds/debt;");
  EXPECT_EQ(Refused(R"({"refunds":{"expired":"keep"}})"), "unknown_value /refunds/expired;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","kind":"fixed"})"), "unsupported_kind /earn/0/kind;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","expires":{"after":"P1M","round_to":"week"}})"),
            "unknown_value /earn/0/expires/round_to;");
}

TEST(RulesTest, RefusesPeriodsThatItCannotRead) {
  for (const char* period : {"", "P", "P1", "1D", "PT1H", "P-1D", "P1.5D", "PD", "P1201D", "P1X"}) {
    EXPECT_EQ(RefusedRule(R"({"id":"a","activate_after":")" + std::string(period) + R"("})"),
              "invalid_period /earn/0/activate_after;")
        << period;
  }
  EXPECT_EQ(RefusedRule(R"({"id":"a","activate_after":14})"),
            "invalid_period /earn/0/activate_after;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","expires":{"after":"soon"}})"),
            "invalid_period /earn/0/expires/after;");
  EXPECT_EQ(Refused(R"({"refunds":{"grace":"P1M"}})"), "invalid_period /refunds/grace;");
}

TEST(RulesTest, RefusesAnExpiryThatDoesNotSayWhen) {
  EXPECT_EQ(RefusedRule(R"({"id":"a","expires":{}})"), "required /earn/0/expires/after;");
}

TEST(RulesTest, RefusesPointsThatAreOverBeforeTheyAreActive) {
  const auto rule = [](const std::string& activation, const std::string& life) {
    return R"({"id":"a","activate_after":")" + activation + R"(","expires":{"after":")" + life +
           R"("}})";
  };
  EXPECT_EQ(RefusedRule(rule("P14D", "P13D")), "out_of_range /earn/0/expires/after;");
  EXPECT_EQ(RefusedRule(rule("P30D", "P1M")), "out_of_range /earn/0/expires/after;");
  EXPECT_EQ(RefusedRule(rule("P14D", "P14D")), "accepted");
  EXPECT_EQ(RefusedRule(rule("P14D", "P1M")), "accepted");
  EXPECT_EQ(RefusedRule(rule("P1M", "P1M")), "accepted");
}

TEST(RulesTest, RefusesOtherTypes) {
  EXPECT_EQ(Refused("[]"), "wrong_type ;");
  EXPECT_EQ(Refused(R"({"points":[]})"), "wrong_type /points;");
  EXPECT_EQ(Refused(R"({"points":{"value":1}})"), "wrong_type /points/value;");
  EXPECT_EQ(Refused(R"({"earn":{}})"), "wrong_type /earn;");
  EXPECT_EQ(RefusedRule("1"), "wrong_type /earn/0;invalid_id /earn/0/id;");
  EXPECT_EQ(RefusedRule(R"({"id":1})"), "wrong_type /earn/0/id;invalid_id /earn/0/id;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","funder":1})"), "wrong_type /earn/0/funder;");
}

TEST(RulesTest, RefusesRulesWithoutAnIdOfTheirOwn) {
  EXPECT_EQ(RefusedRule("{}"), "invalid_id /earn/0/id;");
  EXPECT_EQ(RefusedRule(R"({"id":")" + std::string(65, 'a') + R"("})"), "invalid_id /earn/0/id;");
  EXPECT_EQ(RefusedRule(R"({"id":"a"},{"id":"b"},{"id":"a"})"), "duplicate /earn/2/id;");
}

TEST(RulesTest, RefusesMoreThanAHundredRules) {
  Json many = Json::array();
  for (int i = 0; i < 101; ++i) many.push_back({{"id", std::to_string(i)}});
  EXPECT_EQ(Refused(json::Dump({{"earn", many}})), "wrong_type /earn;");
}

TEST(RulesTest, FindsEveryProblemAtOnce) {
  EXPECT_EQ(
      Refused(R"({"format":9,"points":{"rounding":"up"},"earn":[{"id":"a","ppm":-1}],"x":1})"),
      "out_of_range /format;unknown_value /points/rounding;out_of_range /earn/0/ppm;"
      "unknown_field /x;");
}

TEST(RulesTest, SaysWhatPointsAreWorth) {
  EXPECT_EQ(WorthOf({}, 99), 9900);  // One point, one rouble.
  RuleSet three_for_two;
  three_for_two.value_points = 3;
  three_for_two.value_minor = 2;
  EXPECT_EQ(WorthOf(three_for_two, 10), 6);
  EXPECT_EQ(WorthOf({}, ledger::kAmountMax), ledger::kAmountMax);
}

}  // namespace
}  // namespace passmint::programme
