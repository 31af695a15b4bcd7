// Rounds of stamps that time completes.

#include "issuance/stamp_rounds.h"

#include "issuance/card_life.h"
#include "issuance/current_card.h"
#include "issuance/points.h"
#include "issuance/posting.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;

// A stamp for each order, active on the next day; two are a gift, of which there are three.
constexpr char kSlow[] = R"({
  "earn":[{"id":"visit","kind":"stamp","stamp":"visits","stamp_per":"order","activate_after":"P1D"}],
  "stamps":[{"id":"visits","goal":2,"reward":"gift"}],
  "rewards":[{"id":"gift","kind":"product","title":"A gift","price":0}]})";

class StampRoundsTest : public RulesTest {
 protected:
  void SetUp() override {
    site_.programmes.insert_or_assign(programme_.programme.id, programme_);
    clock_.Set(ParseRfc3339("2026-03-01T12:00:00+03:00").value());
    Publish(kSlow);
  }

  std::vector<RewardClaim> Claims() {
    return Write<std::vector<RewardClaim>>([&](Transaction& transaction) {
             return transaction.Claims(programme_.programme.id, "gift", {}, 100);
           })
        .value();
  }

  StampBalance Stamps(const MemberId& member) {
    const auto points = Write<PointsSummary>([&](Transaction& transaction) {
      return PointsOf(transaction, programme_.programme.id, AccountFor(member));
    });
    EXPECT_TRUE(points.ok());
    EXPECT_EQ(points.value().stamps.size(), 1U);
    return points.value().stamps.empty() ? StampBalance{} : points.value().stamps.front();
  }

  void Post() {
    Posting posting(*store_, site_);
    const auto round = posting.RunBatch();
    ASSERT_TRUE(round.ok()) << round.error().message;
    EXPECT_TRUE(round.value().failed.empty());
  }
};

TEST_F(StampRoundsTest, StampsThatBecomeActiveCompleteTheirRoundAndBringItsReward) {
  const MemberId anna = Sell("1", 100000).member.id;
  const OrderOutcome second = Sell("2", 100000);
  EXPECT_TRUE(second.rewards.empty());
  EXPECT_EQ(Stamps(anna).pending, 2);
  Post();
  EXPECT_TRUE(Claims().empty());
  clock_.Advance(hours(24));
  Post();
  ASSERT_EQ(Claims().size(), 1U);
  EXPECT_EQ(Claims().front().member, anna);
  EXPECT_EQ(Stamps(anna).count, 0);
  Post();
  EXPECT_EQ(Claims().size(), 1U);
}

TEST_F(StampRoundsTest, WhoLooksAtTheCardFirstCompletesTheRoundToo) {
  const OrderOutcome sold = Sell("1", 100000);
  (void)Sell("2", 100000);
  clock_.Advance(hours(24));
  for (int times = 0; times < 2; ++times) {
    const auto current = FindByCardId(*store_, site_, programme_.programme.id, sold.card.id);
    ASSERT_TRUE(current.ok()) << current.error().message;
    EXPECT_EQ(current.value().stamps, 0);
  }
  EXPECT_EQ(Claims().size(), 1U);
  Post();
  EXPECT_EQ(Claims().size(), 1U);
}

TEST_F(StampRoundsTest, ARoundOfABlockedCardWaitsForTheNextStamps) {
  const OrderOutcome sold = Sell("1", 100000);
  (void)Sell("2", 100000);
  const auto blocked = Write<cards::Card>([&](Transaction& transaction) {
    return BlockCard(transaction, programme_.programme.id, sold.card.number,
                     {.reason = "lost", .actor = "desk", .random = site_.random.get()}, {});
  });
  ASSERT_TRUE(blocked.ok()) << blocked.error().message;
  clock_.Advance(hours(24));
  Post();
  EXPECT_TRUE(Claims().empty());
  EXPECT_EQ(Stamps(sold.member.id).count, 2);
}

}  // namespace
}  // namespace passmint::issuance
