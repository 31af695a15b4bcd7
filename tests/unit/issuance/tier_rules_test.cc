// Tiers, as orders feed and use them.

#include "issuance/member_tier.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;

// Megaplan's table: 5 % from 5,000.00, 10 % from 15,000.00, 15 % from 25,000.00, 25 % from
// 50,000.00 of what was bought before.
std::string Megaplan(const std::string& more) {
  return R"({"earn":[{"id":"level","kind":"percent","rate":"tier"}],"tiers":{"levels":[
      {"name":"none","from":0},{"name":"five","from":500000,"ppm":50000},
      {"name":"ten","from":1500000,"ppm":100000},{"name":"fifteen","from":2500000,"ppm":150000},
      {"name":"quarter","from":5000000,"ppm":250000}])" +
         more + "}}";
}

class TierRulesTest : public RulesTest {
 protected:
  std::int64_t Earned(const std::string& id, std::int64_t amount) {
    return Sell(id, amount).points.earned;
  }

  // "name" or "name, missing to next".
  std::string Tier(const MemberId& member) {
    const auto tier = Write<std::optional<MemberTier>>(
        [&](Transaction& transaction) { return TierOf(transaction, programme_, member); });
    if (!tier.ok() || !tier.value()) return "no tiers";
    std::string text = tier.value()->name;
    if (tier.value()->next) {
      text +=
          ", " + std::to_string(tier.value()->next->missing) + " to " + tier.value()->next->name;
    }
    return text;
  }
};

TEST_F(TierRulesTest, B24_G1_G2_TheRateGrowsWithWhatWasBoughtBeforeAndThresholdsAreInclusive) {
  Publish(Megaplan(""));
  EXPECT_EQ(Earned("1", 499999), 0);
  EXPECT_EQ(Earned("2", 1), 0) << "4,999.99 before it: 0 %";
  EXPECT_EQ(Earned("3", 1000000), 500) << "5,000.00 before it: 5 %";
  EXPECT_EQ(Earned("4", 1000000), 1000) << "15,000.00: 10 %";
  EXPECT_EQ(Earned("5", 2500000), 3750) << "25,000.00: 15 %";
  EXPECT_EQ(Earned("6", 100000), 250) << "50,000.00: 25 %";
}

TEST_F(TierRulesTest, G3_TheOrderThatCrossesIsRatedBeforeAfterOrByParts) {
  for (const auto& [basis, points] :
       {std::pair("before", 0), std::pair("after", 100), std::pair("split", 50)}) {
    Publish(Megaplan(R"(,"rate_basis":")" + std::string(basis) + R"(")"));
    const std::string phone = "+7921000000" + std::to_string(points % 7);
    Sell(std::string("a") + basis, 400000, phone);
    EXPECT_EQ(Sell(std::string("b") + basis, 200000, phone).points.earned, points) << basis;
  }
}

TEST_F(TierRulesTest, G4_ARefundLowersWhatWasSpentAndThePolicyDecides) {
  Publish(Megaplan(R"(,"down":"strict")"));
  const MemberId member = Sell("1", 500000).member.id;
  EXPECT_EQ(Tier(member), "five, 1000000 to ten");
  Refund("1", "r1", 100);
  EXPECT_EQ(Tier(member), "none, 100 to five");
  Publish(Megaplan(R"(,"down":"one","grace":"P30D")"));
  Sell("2", 100);
  clock_.Advance(hours(24));
  EXPECT_EQ(Tier(member), "five, 1000000 to ten");
  Refund("2", "r2", 100);
  EXPECT_EQ(Tier(member), "five, 1000100 to ten") << "kept for 30 days";
  clock_.Advance(hours(24 * 31));
  EXPECT_EQ(Tier(member), "none, 100 to five") << "and no job has run";
}

TEST_F(TierRulesTest, G14_WhatIsMissingIsSaidToTheKopeck) {
  Publish(Megaplan(""));
  EXPECT_EQ(Tier(Sell("1", 123456).member.id), "none, 376544 to five");
  EXPECT_EQ(Tier(Sell("2", 5000000).member.id), "quarter");
}

TEST_F(TierRulesTest, OrdersOfBeforeTheTiersCount) {
  Publish(R"({"earn":[{"id":"base","ppm":10000}]})");
  const MemberId member = Sell("1", 600000).member.id;
  EXPECT_EQ(Tier(member), "no tiers");
  Publish(Megaplan(""));
  EXPECT_EQ(Tier(member), "five, 900000 to ten");
  EXPECT_EQ(Earned("2", 100000), 50);
}

TEST_F(TierRulesTest, B28_TheSameBasketAtTwoLevelsIsTwoResults) {
  Publish(R"({"earn":[{"id":"base","kind":"percent","rate":"tier"}],
      "discounts":[{"id":"card","kind":"percent","rate":"tier","stage":"standing"}],
      "tiers":{"levels":[{"name":"start","from":0,"ppm":10000},
      {"name":"gold","from":100000,"ppm":50000,"discount_ppm":100000}]}})");
  EXPECT_EQ(Earned("1", 100000), 10);
  EXPECT_EQ(Earned("2", 100000), 45) << "5 % of 900.00";
}

TEST_F(TierRulesTest, A12_ARuleMayNameALevel) {
  Publish(R"({"earn":[{"id":"base","ppm":10000},
      {"id":"vip","ppm":50000,"when":{"field":"tier.name","value":"vip"}}],
      "tiers":{"metric":"orders","levels":[{"name":"starter","from":0},{"name":"vip","from":2}]}})");
  EXPECT_EQ(Earned("1", 100000), 10);
  EXPECT_EQ(Earned("2", 100000), 10);
  EXPECT_EQ(Earned("3", 100000), 60);
}

TEST_F(TierRulesTest, DaysBelongToTheProgrammesZone) {
  Publish(Megaplan(""));
  const MemberId member = Sell("1", 100000).member.id;
  const auto progress = Progress(member);
  ASSERT_TRUE(progress.has_value());
  ASSERT_EQ(progress->days.size(), 1u);
  const auto zone = calendar::TimeZone::Find("Europe/Moscow").value();
  EXPECT_EQ(progress->days.begin()->first, std::chrono::sys_days(zone.DayAt(clock_.Now())));
  EXPECT_EQ(progress->days.begin()->second.spend, 100000);
  EXPECT_EQ(progress->days.begin()->second.orders, 1);
}

}  // namespace
}  // namespace passmint::issuance
