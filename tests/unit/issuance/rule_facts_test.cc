// Rules that look at what the member did before: over the real store. The ids in names are those of
// the capabilities that a test shows.

#include "issuance/rule_facts.h"

#include "issuance/adjustments.h"
#include "issuance/import.h"
#include "issuance/merge.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;

constexpr char kFirstPurchase[] = R"({"earn":[{"id":"base","ppm":100000},
    {"id":"first","kind":"fixed","points":300,"once":"ever",
     "when":{"field":"history.orders","value":0}}]})";

class RuleFactsTest : public RulesTest {};

TEST_F(RuleFactsTest, A11_TheFirstPurchaseGrants300AndTheSecondDoesNot) {
  Publish(kFirstPurchase);
  EXPECT_EQ(Sell("1", 100000).points.earned, 100 + 300);
  EXPECT_EQ(Sell("2", 100000).points.earned, 100);
}

TEST_F(RuleFactsTest, A11_ARefundOfTheFirstOrderTakesThe300BackAndFreesThem) {
  Publish(kFirstPurchase);
  Sell("1", 100000);
  EXPECT_EQ(Refund("1", "r1", 100000).points.clawed_back, 400);
  const OrderOutcome next = Sell("2", 100000);
  EXPECT_EQ(next.points.earned, 400);
  EXPECT_EQ(next.points.available, 400);
}

TEST_F(RuleFactsTest, A11_APartOfTheFirstOrderRefundedLeavesThe300) {
  Publish(kFirstPurchase);
  Sell("1", 100000);
  EXPECT_EQ(Refund("1", "r1", 50000).points.clawed_back, 50);
  EXPECT_EQ(Sell("2", 100000).points.earned, 100);
}

TEST_F(RuleFactsTest, OrdersFromBeforeTheRulesLookedAtThemCount) {
  Publish(R"({"earn":[{"id":"base","ppm":100000}]})");
  const MemberId member = Sell("1", 100000).member.id;
  Sell("2", 50000);
  Refund("2", "r1", 20000);
  EXPECT_FALSE(Progress(member).has_value()) << "plain rules cost nothing";
  Publish(kFirstPurchase);
  EXPECT_EQ(Sell("3", 10000).points.earned, 10);
  const auto progress = Progress(member);
  ASSERT_TRUE(progress.has_value());
  EXPECT_EQ(progress->orders, 3);
  EXPECT_EQ(progress->spend, 100000 + 30000 + 10000);
  EXPECT_EQ(progress->points_earned, 100 + 30 + 10);
}

TEST_F(RuleFactsTest, OrdersGoOnBeingCountedUnderPlainRulesOnceARuleLooked) {
  Publish(kFirstPurchase);
  const MemberId member = Sell("1", 100000).member.id;
  Publish(R"({"earn":[{"id":"base","ppm":100000}]})");
  Sell("2", 100000);
  EXPECT_EQ(Progress(member)->orders, 2);
  Refund("2", "r1", 100000);
  EXPECT_EQ(Progress(member)->orders, 1);
  EXPECT_EQ(Progress(member)->spend, 100000);
}

TEST_F(RuleFactsTest, ALimitPerMemberAndDayCutsAndBeginsAnewTheNextDay) {
  Publish(R"({"earn":[{"id":"base","ppm":100000,"limits":{"member":{"most":150,"per":"day"}}}]})");
  EXPECT_EQ(Sell("1", 100000).points.earned, 100);
  EXPECT_EQ(Sell("2", 100000).points.earned, 50);
  EXPECT_EQ(Sell("3", 100000).points.earned, 0);
  EXPECT_EQ(Sell("4", 100000, "+79210000001").points.earned, 100) << "another member";
  clock_.Advance(hours(24));
  EXPECT_EQ(Sell("5", 100000).points.earned, 100);
}

TEST_F(RuleFactsTest, ARefundGivesTheLimitBack) {
  Publish(
      R"({"earn":[{"id":"base","ppm":100000,"limits":{"member":{"most":150,"per":"month"}}}]})");
  Sell("1", 100000);
  Refund("1", "r1", 60000);
  EXPECT_EQ(Sell("2", 200000).points.earned, 110);
}

TEST_F(RuleFactsTest, ALimitOfTheWholeSetCountsAllRulesTogether) {
  Publish(R"({"earn":[{"id":"base","ppm":100000},{"id":"more","ppm":100000}],
              "limits":{"member":{"most":250,"per":"ever"}}})");
  EXPECT_EQ(Sell("1", 100000).points.earned, 200);
  EXPECT_EQ(Sell("2", 100000).points.earned, 50);
}

TEST_F(RuleFactsTest, B33_ABudgetPaysUntilItIsSpentAndARefundGivesItBack) {
  Publish(R"({"earn":[{"id":"base","ppm":50000},
      {"id":"supplier","kind":"fixed","points":100,"funder":"supplier","limits":{"budget":"b1"}}],
      "budgets":[{"id":"b1","cap":250}]})");
  EXPECT_EQ(Sell("1", 100000).points.earned, 150);
  EXPECT_EQ(Sell("2", 100000, "+79210000001").points.earned, 150);
  EXPECT_EQ(Sell("3", 100000, "+79210000002").points.earned, 50) << "whole or not at all";
  EXPECT_EQ(Spent("b1"), 200);
  Refund("1", "r1", 100000);
  EXPECT_EQ(Spent("b1"), 100);
  EXPECT_EQ(Sell("4", 100000, "+79210000002").points.earned, 150);
  EXPECT_EQ(Spent("b1"), 200);
}

TEST_F(RuleFactsTest, AnAbundantBudgetIsCountedToo) {
  Publish(R"({"earn":[{"id":"base","ppm":100000,"limits":{"budget":"b1"}}],
              "budgets":[{"id":"b1","cap":null}]})");
  Sell("1", 100000);
  Sell("2", 100000);
  Refund("2", "r1", 50000);
  EXPECT_EQ(Spent("b1"), 150);
}

TEST_F(RuleFactsTest, B32_AMemberOfAGroupGetsItsDiscountFromTheNextOrderOn) {
  Publish(R"({"earn":[{"id":"base","ppm":100000}],"discounts":[{"id":"five","kind":"percent",
      "ppm":50000,"when":{"field":"member.group","value":"baristas"}}]})");
  const OrderOutcome before = Sell("1", 100000);
  EXPECT_EQ(before.points.earned, 100);
  ASSERT_TRUE(
      store_
          ->Write([&](Transaction& transaction) -> Status {
            const ProgrammeId& id = programme_.programme.id;
            if (Status put = transaction.PutGroup(id, {"baristas", "Baristas", 0}); !put.ok()) {
              return put;
            }
            return transaction.AddToGroup(id, "baristas", before.member.id);
          })
          .ok());
  EXPECT_EQ(Sell("2", 100000).points.earned, 95);
}

TEST_F(RuleFactsTest, MembersAttributesAndBirthdaysAreKnownToRules) {
  Publish(R"({"earn":[{"id":"m","ppm":100000,"when":{"field":"member.attribute.size","value":"M"}},
      {"id":"old","ppm":10000,"when":{"field":"member.age","op":"ge","value":18}}]})");
  OrderRequest order = Order("1");
  order.paid_at = FormatRfc3339(clock_.Now());
  order.customer.birthday = "1990-02-28";
  order.customer.attributes = {{"size", "M"}};
  const auto placed = Place(order);
  ASSERT_TRUE(placed.ok()) << placed.error().message;
  EXPECT_EQ(placed.value().points.earned, 199 + 19);
}

TEST_F(RuleFactsTest, AMergedMemberHasDoneWhatBothDid) {
  Publish(kFirstPurchase);
  const MemberId winner = Sell("1", 100000).member.id;
  const MemberId loser = Sell("2", 50000, "+79210000001").member.id;
  const auto merged = Write<MergeOutcome>([&](Transaction& transaction) {
    return MergeMembers(transaction, site_, programme_,
                        {.winner = winner,
                         .loser = loser,
                         .reason = "one person",
                         .dry_run = false,
                         .actor = "desk"});
  });
  ASSERT_TRUE(merged.ok()) << merged.error().message;
  EXPECT_EQ(Progress(winner)->orders, 2);
  EXPECT_EQ(Progress(winner)->spend, 150000);
  Refund("2", "r1", 50000);
  EXPECT_EQ(Progress(winner)->orders, 1);
}

TEST_F(RuleFactsTest, AMergedMemberIsInTheGroupsOfBoth) {
  const MemberId winner = Sell("1", 100000).member.id;
  const MemberId loser = Sell("2", 50000, "+79210000001").member.id;
  const auto groups = Write<std::vector<std::string>>(
      [&](Transaction& transaction) -> Result<std::vector<std::string>> {
        const ProgrammeId& id = programme_.programme.id;
        for (const auto& [group, member] : {std::pair("a", winner), std::pair("b", loser)}) {
          Status put = transaction.PutGroup(id, {group, group, 0});
          if (put.ok()) put = transaction.AddToGroup(id, group, member);
          if (!put.ok()) return put.error();
        }
        const auto merged = MergeMembers(transaction, site_, programme_,
                                         {.winner = winner,
                                          .loser = loser,
                                          .reason = "one person",
                                          .dry_run = false,
                                          .actor = "desk"});
        if (!merged.ok()) return merged.error();
        EXPECT_EQ(transaction.FindGroup(id, "b").value()->members, 1);
        return transaction.GroupsOf(id, winner);
      });
  ASSERT_TRUE(groups.ok()) << groups.error().message;
  EXPECT_EQ(groups.value(), (std::vector<std::string>{"a", "b"}));
}

TEST_F(RuleFactsTest, AnOrderOfAnotherSystemCountsWheneverItComes) {
  Publish(kFirstPurchase);
  const MemberId member = Sell("1", 100000).member.id;
  OrderRequest old = Order("old");
  old.paid_at = "2020-01-01T10:00:00Z";
  old.customer.phone = "+79210000000";
  const auto imported = Write<Imported>([&](Transaction& transaction) {
    return ImportOrder(transaction, site_, programme_,
                       {PrepareOrder(site_, programme_, old, ParseRfc3339(old.paid_at).value()),
                        {{.earned = 30, .points_value = 0}}});
  });
  ASSERT_TRUE(imported.ok()) << imported.error().message;
  EXPECT_EQ(Progress(member)->orders, 2);
  EXPECT_EQ(Progress(member)->points_earned, 430);
  Refund("old", "r1", 199900);
  EXPECT_EQ(Progress(member)->orders, 1);
}

TEST_F(RuleFactsTest, ARefundOfAnOrderThatNoRulesJudgedFollowsThePolicyOfNow) {
  const OrderOutcome unjudged = Sell("1", 100000);
  EXPECT_EQ(unjudged.points.earned, 0);
  OrderRequest old = Order("old");
  old.customer.phone = "+79210000000";
  const auto imported = Write<Imported>([&](Transaction& transaction) {
    return ImportOrder(
        transaction, site_, programme_,
        {PrepareOrder(site_, programme_, old, clock_.Now()), {{.earned = 30, .points_value = 0}}});
  });
  ASSERT_TRUE(imported.ok()) << imported.error().message;
  Publish(R"({"earn":[{"id":"base","ppm":10000}],"refunds":{"debt":"within_balance"}})");
  EXPECT_EQ(Refund("old", "r1", 199900).points.debt, 0) << "this programme makes no debt";
}

TEST_F(RuleFactsTest, TheSameOrderAgainCountsOnce) {
  Publish(kFirstPurchase);
  const MemberId member = Sell("1", 100000).member.id;
  Sell("1", 100000);
  EXPECT_EQ(Progress(member)->orders, 1);
}

}  // namespace
}  // namespace passmint::issuance
