// What an order earns and burns; every number is worked out by hand beside it.

#include "programme/quote.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace passmint::programme {
namespace {

const Timestamp kNow = ParseRfc3339("2026-11-21T10:00:00Z").value();

RuleSet Rules(const std::string& text) {
  return ParseRules(json::Parse(text, 65536).value(), 1).value();
}

// 5 % back; a point is worth 1.00.
RuleSet FivePercent() { return Rules(R"({"earn":[{"id":"base","ppm":50000}]})"); }

BasketLine Product(const std::string& id, std::int64_t amount) {
  return {.line_id = id, .amount = amount};
}

BasketLine Discount(std::int64_t amount) {
  return {.line_id = "off", .kind = LineKind::kDiscount, .amount = amount};
}

Basket Of(std::vector<BasketLine> lines) {
  Basket basket;
  basket.lines = std::move(lines);
  return basket;
}

Result<Quote> Priced(const RuleSet& rules, const Basket& basket) {
  return MakeQuote(rules, calendar::TimeZone::Find("Europe/Moscow").value(), basket, Facts{}, kNow,
                   kNow);
}

// "id paid+value earned/burned;" of every line.
std::string Lines(const Result<Quote>& quote) {
  if (!quote.ok()) return quote.error().message;
  std::string text;
  for (const ledger::LineRecord& line : quote.value().order.lines) {
    text += line.line_id + " " + std::to_string(line.paid) + "+" + std::to_string(line.value) +
            " " + std::to_string(line.earned) + "/" + std::to_string(line.burned) + ";";
  }
  return text;
}

std::string Refused(const Result<Quote>& quote) {
  if (quote.ok()) return "accepted";
  const InputProblem& problem = quote.error().problems.front();
  return problem.code + " " + problem.pointer;
}

TEST(QuoteTest, EarnsOncePerOrderAndSplitsByLargestRemainder) {
  // 5 % of 100.00 is 5. Shares of 33.33, 33.33 and 33.34: 1.6665, 1.6665 and 1.667; the two points
  // that floors leave go to the largest rest and then to the first line.
  const auto quote =
      Priced(FivePercent(), Of({Product("a", 3333), Product("b", 3333), Product("c", 3334)}));
  EXPECT_EQ(Lines(quote), "a 3333+0 2/0;b 3333+0 1/0;c 3334+0 2/0;");
  ASSERT_TRUE(quote.ok());
  EXPECT_EQ(quote.value().earned, 5);
  ASSERT_EQ(quote.value().earnings.size(), 1U);
  const ledger::Derivation& why = quote.value().earnings.front().derivations.front();
  EXPECT_EQ(why.rule, "base");
  EXPECT_EQ(why.rule_set_version, 1);
  EXPECT_EQ(why.base_minor, 10'000);
  EXPECT_EQ(why.ppm, 50'000);
  EXPECT_EQ(why.rounding, "floor");
  EXPECT_EQ(why.points, 5);
}

TEST(QuoteTest, RoundsTheOrderAndNotItsLines) {
  // Three lines of 19.99: 0.9995 each, 2.9985 together.
  const auto lines = Of({Product("a", 1999), Product("b", 1999), Product("c", 1999)});
  EXPECT_EQ(Lines(Priced(FivePercent(), lines)), "a 1999+0 1/0;b 1999+0 1/0;c 1999+0 0/0;");
}

TEST(QuoteTest, RoundsAsTheRulesSay) {
  RuleSet rules = FivePercent();
  const auto earned = [&rules](ledger::Rounding rounding, std::int64_t amount) {
    rules.rounding = rounding;
    return Priced(rules, Of({Product("a", amount)})).value().earned;
  };
  // 0.5, 1.5 and 1.51 points.
  EXPECT_EQ(earned(ledger::Rounding::kFloor, 1000), 0);
  EXPECT_EQ(earned(ledger::Rounding::kHalfUp, 1000), 1);
  EXPECT_EQ(earned(ledger::Rounding::kHalfEven, 1000), 0);
  EXPECT_EQ(earned(ledger::Rounding::kCeil, 1000), 1);
  EXPECT_EQ(earned(ledger::Rounding::kHalfEven, 3000), 2);
  EXPECT_EQ(earned(ledger::Rounding::kFloor, 3020), 1);
  EXPECT_EQ(earned(ledger::Rounding::kHalfUp, 3020), 2);
}

TEST(QuoteTest, SpreadsADiscountByAmounts) {
  // 10.00 off 30.00, 20.00 and 10.00: 5.00, 3.333 and 1.666; the minor unit left goes to the
  // largest rest, that of the third.
  const auto quote =
      Priced(FivePercent(),
             Of({Product("a", 3000), Product("b", 2000), Product("c", 1000), Discount(-1000)}));
  EXPECT_EQ(Lines(quote), "a 2500+0 1/0;b 1667+0 1/0;c 833+0 0/0;");
}

TEST(QuoteTest, ADiscountOfEverythingLeavesNothingToEarn) {
  EXPECT_EQ(Lines(Priced(FivePercent(), Of({Product("a", 3000), Discount(-3000)}))), "a 0+0 0/0;");
}

TEST(QuoteTest, DeliveryAndTipsBearTheDiscountAndEarnNothing) {
  Basket basket =
      Of({Product("a", 10'000), Product("d", 5'000), Product("t", 5'000), Discount(-2'000)});
  basket.lines[1].kind = LineKind::kDelivery;
  basket.lines[2].kind = LineKind::kTip;
  // 5 % of 90.00 is 4.5.
  EXPECT_EQ(Lines(Priced(FivePercent(), basket)), "a 9000+0 4/0;d 4500+0 0/0;t 4500+0 0/0;");
}

TEST(QuoteTest, WhatPointsPayEarnsNothing) {
  Basket basket = Of({Product("a", 10'000), Product("b", 10'000)});
  basket.lines[0].points = 60;
  // a: 60 points pay 60.00, 40.00 are left; 5 % of 140.00 is 7 = 2 + 5.
  const auto quote = Priced(FivePercent(), basket);
  EXPECT_EQ(Lines(quote), "a 4000+6000 2/60;b 10000+0 5/0;");
  EXPECT_EQ(quote.value().burned, 60);
}

TEST(QuoteTest, PaysUnitsWhollyByPoints) {
  Basket basket = Of({Product("a", 10'000)});
  basket.lines[0].quantity = 3 * ledger::kUnit;
  basket.lines[0].points_quantity = 2 * ledger::kUnit;
  // Two of three units cost floor(66.666) = 66.66, so it takes 67 points, and they pay what they
  // are worth: 67.00. 33.00 are left: 1.65.
  EXPECT_EQ(Lines(Priced(FivePercent(), basket)), "a 3300+6700 1/67;");
}

TEST(QuoteTest, AllUnitsByPointsLeaveNothingToPay) {
  Basket basket = Of({Product("a", 9'950)});
  basket.lines[0].quantity = 5 * ledger::kUnit;
  basket.lines[0].points_quantity = 5 * ledger::kUnit;
  // 99.50 cost 100 points; the last one pays only the half that was left.
  EXPECT_EQ(Lines(Priced(FivePercent(), basket)), "a 0+9950 0/100;");
}

TEST(QuoteTest, RefusesMorePointsThanALineCosts) {
  Basket basket = Of({Product("a", 5'000), Product("b", 9'950)});
  basket.lines[1].points = 100;  // The last one pays 0.50.
  EXPECT_EQ(Refused(Priced(FivePercent(), basket)), "accepted");
  basket.lines[1].points = 101;
  EXPECT_EQ(Refused(Priced(FivePercent(), basket)), "points_over_line /lines/1/points");
}

TEST(QuoteTest, RefusesMorePointsThanTheRulesLetPay) {
  RuleSet rules = FivePercent();
  rules.burn.max_ppm_of_order = 300'000;
  Basket basket = Of({Product("a", 10'000), Product("b", 10'000)});
  basket.lines[0].points = 40;
  basket.lines[1].points = 20;  // 60.00 of 200.00: 30 %.
  EXPECT_EQ(Refused(Priced(rules, basket)), "accepted");
  basket.lines[1].points = 21;
  EXPECT_EQ(Refused(Priced(rules, basket)), "points_over_order /lines/1/points");
  basket.lines[1] = Product("b", 10'000);
  basket.lines[1].points_quantity = ledger::kUnit;
  EXPECT_EQ(Refused(Priced(rules, basket)), "points_over_order /lines/1/points_quantity");
}

TEST(QuoteTest, BurnsWhatThereIsAndWhatTheRulesLetIfAskedTo) {
  Basket basket = Of({Product("a", 10'000), Product("b", 10'000)});
  basket.lines[0].points = 80;
  basket.lines[1].points = 50;
  basket.burn_at_most = 100;
  const auto quote = Priced(FivePercent(), basket);
  EXPECT_EQ(Lines(quote), "a 2000+8000 1/80;b 8000+2000 4/20;");
  EXPECT_EQ(quote.value().wanted, 130);
  EXPECT_EQ(quote.value().burned, 100);
  RuleSet half = FivePercent();
  half.burn.max_ppm_of_order = 450'000;  // 90.00 of 200.00.
  EXPECT_EQ(Lines(Priced(half, basket)), "a 2000+8000 1/80;b 9000+1000 4/10;");
}

TEST(QuoteTest, CountsWhatWasWantedByUnitsToo) {
  Basket basket = Of({Product("a", 10'000)});
  basket.lines[0].points_quantity = ledger::kUnit;
  basket.burn_at_most = 30;
  const auto quote = Priced(FivePercent(), basket);
  EXPECT_EQ(Lines(quote), "a 7000+3000 3/30;");
  EXPECT_EQ(quote.value().wanted, 100);
}

TEST(QuoteTest, RefusesPointsThatAreWorthNothing) {
  RuleSet rules = FivePercent();
  rules.value_points = 100;
  rules.value_minor = 1;
  Basket basket = Of({Product("a", 10'000)});
  basket.lines[0].points = 99;
  EXPECT_EQ(Refused(Priced(rules, basket)), "out_of_range /lines/0/points");
  basket.lines[0].points = 250;  // Worth 2.5 minor units, of which 2 pay.
  EXPECT_EQ(Lines(Priced(rules, basket)), "a 9998+2 4/250;");
  basket.burn_at_most = 99;
  EXPECT_EQ(Lines(Priced(rules, basket)), "a 10000+0 5/0;");
}

TEST(QuoteTest, EachRuleRoundsByItselfAndMakesALotOfItsOwn) {
  const RuleSet rules = Rules(R"({"earn":[{"id":"base","ppm":50000},
      {"id":"extra","ppm":10000,"activate_after":"P14D","expires":{"after":"P1M"},
       "funder":"supplier"}]})");
  // 5 % of 19.90 + 19.90: 1.99; 1 %: 0.398. Each is floored: 1 and 0.
  EXPECT_EQ(Lines(Priced(rules, Of({Product("a", 1990), Product("b", 1990)}))),
            "a 1990+0 1/0;b 1990+0 0/0;");
  // 5 % of 400.00: 20; 1 %: 4.
  const auto quote = Priced(rules, Of({Product("a", 30'000), Product("b", 10'000)}));
  EXPECT_EQ(Lines(quote), "a 30000+0 18/0;b 10000+0 6/0;");
  ASSERT_EQ(quote.value().earnings.size(), 2U);
  const ledger::Earning& extra = quote.value().earnings[1];
  EXPECT_EQ(extra.amount, 4);
  EXPECT_EQ(extra.funder, "supplier");
  EXPECT_EQ(FormatRfc3339(extra.activates_at), "2026-12-04T21:00:00Z");
  EXPECT_EQ(FormatRfc3339(extra.expires_at), "2026-12-21T21:00:00Z");
  ASSERT_EQ(quote.value().reasons.size(), 4U);
  EXPECT_EQ(quote.value().reasons[2].rule, "extra");
  EXPECT_EQ(quote.value().reasons[2].points, 3);
}

TEST(QuoteTest, KnowsCurrenciesWithNoTwoAndThreeDecimals) {
  const auto earned = [](int currency, int points, std::int64_t amount) {
    RuleSet rules = FivePercent();
    rules.exponent = points;
    Basket basket = Of({Product("a", amount)});
    basket.currency_exponent = currency;
    return Priced(rules, basket).value().earned;
  };
  EXPECT_EQ(earned(0, 0, 1'999), 99);      // JPY 1999: 99.95.
  EXPECT_EQ(earned(2, 0, 199'900), 99);    // RUB 1999.00.
  EXPECT_EQ(earned(3, 0, 1'999'000), 99);  // KWD 1999.000.
  // Points with two decimals: 99.95 of them.
  EXPECT_EQ(earned(0, 2, 1'999), 9'995);
  EXPECT_EQ(earned(2, 2, 199'900), 9'995);
  EXPECT_EQ(earned(3, 2, 1'999'000), 9'995);
}

TEST(QuoteTest, AmountsAtTheLimitNeitherOverflowNorLosePoints) {
  const std::int64_t most = ledger::kAmountMax;
  // floor(9007199254740991 * 0.05 / 100).
  EXPECT_EQ(Lines(Priced(FivePercent(), Of({Product("a", most)}))),
            "a 9007199254740991+0 4503599627370/0;");
  RuleSet rules = FivePercent();
  rules.exponent = 6;
  EXPECT_EQ(Refused(Priced(rules, Of({Product("a", most)}))), "amount_too_large /total");
  // A point is worth a thousand millionths: the line costs more points than there may be.
  rules = FivePercent();
  rules.value_points = 1'000'000'000;
  rules.value_minor = 1;
  Basket basket = Of({Product("a", most)});
  basket.lines[0].points = most;
  EXPECT_EQ(Lines(Priced(rules, basket)),
            "a 9007199245733792+9007199 4503599622866/9007199254740991;");
  rules.value_points = 1;
  rules.value_minor = 1'000'000'000;
  basket.lines[0].points = 9'007'200;  // The last one pays the rest.
  EXPECT_EQ(Lines(Priced(rules, basket)), "a 0+9007199254740991 0/9007200;");
  // A thousand lines and the discount that takes all but one of them back.
  Basket many;
  for (int i = 0; i < 999; ++i) many.lines.push_back(Product(std::to_string(i), most));
  many.lines.push_back(Discount(-most * 998));
  const auto quote = Priced(FivePercent(), many);
  ASSERT_TRUE(quote.ok());
  EXPECT_EQ(quote.value().earned, 4'503'599'627'370);
}

TEST(QuoteTest, NoRulesEarnNothing) {
  EXPECT_EQ(Lines(Priced(RuleSet{}, Of({Product("a", 5'000)}))), "a 5000+0 0/0;");
}

TEST(QuoteTest, B33_ABonusOfASupplierIsPaidByTheSupplier) {
  // 5 % of 100.00 is 5 of our own; three times is 10 more, which the supplier pays. Both live
  // alike.
  const RuleSet rules = Rules(R"({"earn":[
      {"id":"base","ppm":50000,"expires":{"after":"P1M"}},
      {"id":"x3","kind":"multiplier","factor_ppm":3000000,"funder":"supplier"}]})");
  const auto quote = Priced(rules, Of({Product("a", 10'000)}));
  ASSERT_TRUE(quote.ok());
  ASSERT_EQ(quote.value().earnings.size(), 2U);
  const ledger::Earning& own = quote.value().earnings[0];
  const ledger::Earning& bonus = quote.value().earnings[1];
  EXPECT_EQ(own.funder, "");
  EXPECT_EQ(own.amount, 5);
  EXPECT_EQ(bonus.funder, "supplier");
  EXPECT_EQ(bonus.amount, 10);
  EXPECT_EQ(bonus.expires_at, own.expires_at);
}

TEST(QuoteTest, PointsThatLiveAlikeShareALotAndKeepTheirDerivations) {
  const RuleSet rules = Rules(R"({"earn":[{"id":"base","ppm":50000},
      {"id":"hello","kind":"fixed","points":300},
      {"id":"later","ppm":10000,"activate_after":"P14D"}]})");
  const auto quote = Priced(rules, Of({Product("a", 10'000)}));
  ASSERT_TRUE(quote.ok());
  ASSERT_EQ(quote.value().earnings.size(), 2U);
  EXPECT_EQ(quote.value().earnings[0].amount, 305);
  ASSERT_EQ(quote.value().earnings[0].derivations.size(), 2U);
  EXPECT_EQ(quote.value().earnings[0].derivations[1].rule, "hello");
  EXPECT_EQ(quote.value().earnings[1].amount, 1);
  // The grant is the order's and on no line.
  EXPECT_EQ(Lines(quote), "a 10000+0 6/0;");
  ASSERT_EQ(quote.value().order.grants.size(), 1U);
  EXPECT_EQ(quote.value().order.grants[0].rule, "hello");
  EXPECT_EQ(quote.value().order.grants[0].points, 300);
  EXPECT_EQ(quote.value().earned, 306);
}

TEST(QuoteTest, F13_StampsAreAnAssetOfTheirOwn) {
  const RuleSet rules = Rules(R"({"stamps":[{"id":"coffee"}],
      "earn":[{"id":"cup","kind":"stamp","stamp":"coffee"}]})");
  const auto quote = Priced(rules, Of({Product("a", 10'000)}));
  ASSERT_EQ(quote.value().earnings.size(), 1U);
  EXPECT_EQ(quote.value().earnings[0].asset.str(), "stamps:coffee");
  EXPECT_EQ(quote.value().earnings[0].amount, 1);
  EXPECT_EQ(quote.value().earned, 0);
}

TEST(QuoteTest, SplitsOverUnitsByLargestRemainder) {
  using Shares = std::vector<std::int64_t>;
  EXPECT_EQ(PerUnit(7, 3 * ledger::kUnit), (Shares{3, 2, 2}));
  EXPECT_EQ(PerUnit(10, 2500), (Shares{4, 4, 2}));
  EXPECT_EQ(PerUnit(5, 350), (Shares{5}));
}

TEST(QuoteTest, AnActivityGivesSlidingPointsTheLifeOfPointsEarnedThen) {
  const auto zone = calendar::TimeZone::Find("Europe/Moscow").value();
  Expiry expiry{.never = false,
                .after = {.months = 12, .days = 0},
                .round_to = RoundTo::kQuarter,
                .sliding = true};
  const auto term = TermOf(expiry);
  ASSERT_TRUE(term);
  EXPECT_EQ(*term, (ledger::SlidingTerm{12, 0, ledger::SlidingTerm::End::kQuarter}));
  const Timestamp active = ParseRfc3339("2027-05-01T10:00:00Z").value();
  EXPECT_EQ(FormatRfc3339(ExpiresAfterActivity(*term, zone, active)), "2028-06-30T21:00:00Z");
  EXPECT_EQ(ExpiresAfterActivity(*term, zone, active), ExpiresAt(expiry, zone, active));
}

TEST(QuoteTest, PointsThatDoNotSlideOrNeverEndHaveNoTerm) {
  Expiry expiry{.never = false, .after = {.months = 12, .days = 0}};
  EXPECT_FALSE(TermOf(expiry));
  expiry.sliding = expiry.never = true;
  EXPECT_FALSE(TermOf(expiry));
}

TEST(QuoteTest, ADayOfActivityThatTheClockMadeShorterEndsAtMidnightThere) {
  const auto berlin = calendar::TimeZone::Find("Europe/Berlin").value();
  const ledger::SlidingTerm term{.months = 0, .days = 180};
  // In winter an hour ahead of UTC; the day 180 days later lies in summer, two hours ahead.
  const Timestamp active = ParseRfc3339("2026-11-21T23:30:00Z").value();  // The 22nd in Berlin.
  EXPECT_EQ(FormatRfc3339(ExpiresAfterActivity(term, berlin, active)), "2027-05-21T22:00:00Z");
}

}  // namespace
}  // namespace passmint::programme
