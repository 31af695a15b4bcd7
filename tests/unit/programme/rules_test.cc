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
  EXPECT_EQ(rules.burn.max_ppm_of_order, 300'000);
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
  EXPECT_EQ(rules.value().burn.max_ppm_of_order, 1'000'000);
}

TEST(RulesTest, ARuleWithoutExpiryGivesPointsForEverAndPaysItself) {
  const auto rules = ParseRules(Read(R"({"earn":[{"id":"a","ppm":1,"funder":"own"}]})"), 1);
  ASSERT_TRUE(rules.ok());
  EXPECT_TRUE(rules.value().earn.front().expires.never);
  EXPECT_EQ(rules.value().earn.front().activate_after, Period{});
  EXPECT_EQ(rules.value().earn.front().funder, "");
}

TEST(RulesTest, RefusesWhatItDoesNotKnowWhereItStands) {
  EXPECT_EQ(Refused(R"({"tires":[]})"), "unknown_field /tires;");
  EXPECT_EQ(Refused(R"({"points":{"expires":1}})"), "unknown_field /points/expires;");
  EXPECT_EQ(Refused(R"({"points":{"value":{"coins":1}}})"), "unknown_field /points/value/coins;");
  EXPECT_EQ(Refused(R"({"burn":{"max":1}})"), "unknown_field /burn/max;");
  EXPECT_EQ(Refused(R"({"refunds":{"mode":1}})"), "unknown_field /refunds/mode;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","whem":{}})"), "unknown_field /earn/0/whem;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","expires":{"after":"P1D","at":1}})"),
            "unknown_field /earn/0/expires/at;");
}

// contract/programme.md, as it stands there.
constexpr const char* kContract = R"({
  "format": 1,
  "points": {"exponent": 0, "value": {"points": 1, "minor": 100}, "rounding": "floor"},
  "earn": [{"id": "base", "kind": "percent", "ppm": 100000, "when": {}, "include": {},
            "exclude": {"category": ["gift-card"]}, "stack": {"group": "base", "mode": "best"},
            "priority": 100, "limits": {"order": null, "member": null, "budget": "b1"},
            "activate_after": "P0D", "expires": {"after": "P12M", "round_to": "month"},
            "funder": "own", "on_refund": "proportional"}],
  "discounts": [], "coupons": [],
  "burn": {"max_ppm_of_order": 1000000, "exclude": {}, "on_insufficient": "refuse"},
  "tiers": {"metric": "net_spend", "window": "lifetime", "rate_basis": "before", "down": "one",
            "grace": "P30D", "levels": [{"name": "start", "from": 0, "ppm": 0},
                                        {"name": "silver", "from": 500000, "ppm": 50000,
                                         "template": null}]},
  "actions": [], "calendar": {"holidays": []}, "stamps": [], "referral": null, "rewards": [],
  "budgets": [{"id": "b1", "cap": null}], "messages": []})";

TEST(RulesTest, ReadsTheRuleSetOfTheContract) {
  const auto read = ParseRules(Read(kContract), 1);
  ASSERT_TRUE(read.ok()) << read.error().message;
  const RuleSet& rules = read.value();
  // The levels have a rate that no rule takes, so they have a rule of their own, in the group base.
  ASSERT_EQ(rules.earn.size(), 2U);
  EXPECT_EQ(rules.earn[1].id, "tier");
  EXPECT_EQ(rules.earn[1].group, rules.earn[0].group);
  EXPECT_EQ(rules.earn[0].gate.exclude.categories, std::vector<std::string>{"gift-card"});
  EXPECT_EQ(rules.earn[0].limits.budget, 0);
  EXPECT_EQ(rules.tiers.levels[1].from, 500'000);
  EXPECT_EQ(rules.tiers.grace, (Period{.months = 0, .days = 30}));
}

TEST(RulesTest, KnowsHowRefundsTakeBackUnlessTheRuleSaysSo) {
  const auto of = [](const std::string& rule) {
    return ParseRules(Read(R"({"earn":[)" + rule + "]}"), 1).value().earn.front().on_refund;
  };
  EXPECT_EQ(of(R"({"id":"a","ppm":1})"), OnRefund::kProportional);
  EXPECT_EQ(of(R"({"id":"a","kind":"per_amount","per":1,"points":1})"), OnRefund::kProportional);
  EXPECT_EQ(of(R"({"id":"a","kind":"fixed","points":1})"), OnRefund::kWhileQualifying);
  EXPECT_EQ(of(R"({"id":"a","when":{"field":"order.money","op":"ge","value":1}})"),
            OnRefund::kWhileQualifying);
  EXPECT_EQ(of(R"({"id":"a","kind":"fixed","on_refund":"on_full"})"), OnRefund::kOnFull);
}

TEST(RulesTest, SaysWhatWasMeantPerhaps) {
  const auto detail = [](const std::string& text) {
    return ParseRules(Read(text), 1).error().problems.front().detail;
  };
  EXPECT_EQ(detail(R"({"tires":{}})"), "no such field here; did you mean \"tiers\"?");
  EXPECT_EQ(detail(R"({"earn":[{"id":"a","kind":"precent"}]})"),
            "not one of: percent, per_amount, fixed, multiplier, stamp; did you mean \"percent\"?");
  EXPECT_EQ(detail(R"({"xyzxyzxyz":1})"), "no such field here");
}

TEST(RulesTest, RefusesConditionsThatSayNothingOrTooMuch) {
  const auto when = [](const std::string& condition) {
    return RefusedRule(R"({"id":"a","when":)" + condition + "}");
  };
  EXPECT_EQ(when(R"({"all":[]})"), "wrong_type /earn/0/when/all;");
  EXPECT_EQ(when(R"({"field":"order.weather","value":1})"), "unknown_value /earn/0/when/field;");
  EXPECT_EQ(when(R"({"field":"location"})"), "required /earn/0/when/value;");
  EXPECT_EQ(when(R"({"field":"location","value":1})"), "wrong_type /earn/0/when/value;");
  EXPECT_EQ(when(R"({"field":"location","op":"gt","value":"a"})"),
            "unknown_value /earn/0/when/op;");
  EXPECT_EQ(when(R"({"field":"order.amount","op":"in","value":[]})"),
            "wrong_type /earn/0/when/value;");
  EXPECT_EQ(when(R"({"field":"time.clock","value":"24:01"})"), "wrong_type /earn/0/when/value;");
  EXPECT_EQ(when(R"({"any":[{"field":"location","value":"a"}],"all":[]})"),
            "unknown_field /earn/0/when/all;");
  EXPECT_EQ(when(R"({"not":{"field":"member.attribute.","value":"a"}})"),
            "unknown_value /earn/0/when/not/field;");
  std::string deep = R"({"field":"location","value":"a"})";
  for (int i = 0; i < 20; ++i) deep = R"({"not":)" + deep + "}";
  EXPECT_NE(when(deep).find("too_deep"), std::string::npos);
  EXPECT_EQ(Refused(R"({"discounts":[{"id":"a","when":{"field":"order.net","value":1}}]})"),
            "unknown_value /discounts/0/when/field;");
}

TEST(RulesTest, RefusesWindowsThatEndBeforeTheyBegin) {
  const auto window = [](const std::string& text) {
    return RefusedRule(R"({"id":"a","window":)" + text + "}");
  };
  EXPECT_EQ(window(R"({"from":"2026-12-02","until":"2026-12-01"})"),
            "window_ends_before_it_begins /earn/0/window/until;");
  EXPECT_EQ(window(R"({"from":"2026-12-01T10:00","until":"2026-12-01T10:00"})"),
            "window_ends_before_it_begins /earn/0/window/until;");
  EXPECT_EQ(window(R"({"from":"2026-12-01T10:00","until":"2026-12-01T10:00:01"})"), "accepted");
  EXPECT_EQ(window(R"({"from":"2026-02-30"})"), "invalid_time /earn/0/window/from;");
  EXPECT_EQ(window(R"({"until":"2026-12-01T10:00:00Z"})"), "invalid_time /earn/0/window/until;");
}

TEST(RulesTest, RefusesTiersThatOverlap) {
  const auto levels = [](const std::string& second) {
    return Refused(R"({"tiers":{"levels":[{"name":"a","from":100},)" + second + "]}}");
  };
  EXPECT_EQ(levels(R"({"name":"b","from":101})"), "accepted");
  EXPECT_EQ(levels(R"({"name":"b","from":100})"), "tiers_overlap /tiers/levels/1/from;");
  EXPECT_EQ(levels(R"({"name":"b","from":99})"), "tiers_overlap /tiers/levels/1/from;");
  EXPECT_EQ(levels(R"({"name":"a","from":101})"), "duplicate /tiers/levels/1/name;");
  EXPECT_EQ(Refused(R"({"tiers":{"metric":"orders","rate_basis":"split"}})"),
            "out_of_range /tiers/rate_basis;");
}

TEST(RulesTest, RefusesNamesOfWhatIsNotThere) {
  EXPECT_EQ(RefusedRule(R"({"id":"a","limits":{"budget":"b"}})"),
            "unknown_value /earn/0/limits/budget;");
  EXPECT_EQ(RefusedRule(R"({"id":"a","kind":"stamp","stamp":"s"})"),
            "unknown_value /earn/0/stamp;");
  EXPECT_EQ(Refused(R"({"calendar":{"grants":[{"id":"a","on":"easter"}]}})"),
            "unknown_value /calendar/grants/0/on;");
  EXPECT_EQ(Refused(R"({"rewards":[{"id":"a","coupon":"c"}]})"),
            "unknown_value /rewards/0/coupon;");
  EXPECT_EQ(Refused(R"({"earn":[{"id":"a","stack":{"group":"g"}},)"
                    R"({"id":"b","stack":{"group":"g","mode":"sum"}}]})"),
            "mixed_group /earn/1/stack/mode;");
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
  EXPECT_EQ(RefusedRule(R"({"id":"a","kind":"fix"})"), "unknown_value /earn/0/kind;");
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
