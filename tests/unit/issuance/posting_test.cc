#include "issuance/posting.h"

#include "issuance/card_life.h"
#include "issuance/points.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// 5 %, active after a day, gone after thirty.
class PostingTest : public IssuanceTest {
 protected:
  PostingTest() {
    programme_.rules.version = 1;
    programme_.rules.earn = {{.id = "base",
                              .ppm = 50'000,
                              .activate_after = {.months = 0, .days = 1},
                              .expires = {.never = false, .after = {.months = 0, .days = 30}},
                              .funder = {}}};
    site_.programmes.emplace(programme_.programme.id, programme_);
  }

  OrderOutcome Buy(const std::string& id, const std::string& phone) {
    OrderRequest order = Order(id);
    order.customer.phone = phone;
    auto placed = Place(order);
    EXPECT_TRUE(placed.ok()) << placed.error().message;
    return std::move(placed).value();
  }

  std::int64_t Entries(const OrderOutcome& bought) {
    std::int64_t entries = -1;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      auto account = transaction.LoadAccount(programme_.programme.id, AccountFor(bought.member.id),
                                             {}, transaction.Now());
      entries = account.value().sequence;
      return {};
    });
    EXPECT_TRUE(read.ok());
    return entries;
  }

  PostingRound Run(Posting& posting) {
    auto round = posting.RunBatch();
    EXPECT_TRUE(round.ok()) << round.error().message;
    return std::move(round).value();
  }
};

TEST_F(PostingTest, PostsActivationsAndExpiriesWhenTheyAreDueAndNothingTwice) {
  const OrderOutcome bought = Buy("1", "8 (921) 000-00-00");
  Posting posting(*store_, site_);
  EXPECT_EQ(Run(posting).posted, 0);
  clock_.Advance(hours(48));
  EXPECT_EQ(Run(posting).posted, 1);
  EXPECT_EQ(Entries(bought), 2);
  EXPECT_EQ(Run(posting).posted, 0);
  clock_.Advance(hours(24 * 40));
  EXPECT_EQ(Run(posting).posted, 1);
  EXPECT_EQ(Entries(bought), 3);
  EXPECT_EQ(Run(posting).posted, 0);
}

TEST_F(PostingTest, SaysWhenSomethingBecomesDueNext) {
  Posting posting(*store_, site_);
  EXPECT_EQ(posting.NextDue().value(), ledger::kNever);
  (void)Buy("1", "8 (921) 000-00-00");
  const Timestamp activates = posting.NextDue().value();
  clock_.Set(activates - std::chrono::microseconds(1));
  EXPECT_EQ(posting.NextDue().value(), activates);
  EXPECT_EQ(Run(posting).posted, 0);
  clock_.Set(activates);
  EXPECT_EQ(posting.NextDue().value(), ledger::kNever) << "what is due already does not count";
  EXPECT_EQ(Run(posting).posted, 1);
  EXPECT_GT(posting.NextDue().value(), activates + hours(24));  // Its expiry.
}

TEST_F(PostingTest, GivesTheCardItsNextRevision) {
  const OrderOutcome bought = Buy("1", "8 (921) 000-00-00");
  clock_.Advance(hours(48));
  Posting posting(*store_, site_);
  Run(posting);
  const Status read = store_->Read([&](Transaction& transaction) -> Status {
    const auto card = transaction.FindCard(programme_.programme.id, bought.card.id);
    EXPECT_GT(card.value()->revision, bought.card.revision);
    return {};
  });
  EXPECT_TRUE(read.ok());
}

TEST_F(PostingTest, EndsATemporaryBlockWhenItsTimeIsUp) {
  const OrderOutcome bought = Buy("1", "8 (921) 000-00-00");
  const ProgrammeId& id = programme_.programme.id;
  const Timestamp until = clock_.Now() + hours(3);
  cards::Card blocked;
  ASSERT_TRUE(store_
                  ->Write([&](Transaction& transaction) -> Status {
                    auto done =
                        BlockCard(transaction, id, bought.card.number, {.reason = "lost"}, until);
                    if (!done.ok()) return done.error();
                    blocked = done.value();
                    return {};
                  })
                  .ok());
  Posting posting(*store_, site_);
  EXPECT_EQ(posting.NextDue().value(), until);
  EXPECT_EQ(Run(posting).blocks_ended, 0);
  clock_.Set(until);
  EXPECT_EQ(Run(posting).blocks_ended, 1);
  EXPECT_EQ(Run(posting).blocks_ended, 0);
  const Status read = store_->Read([&](Transaction& transaction) -> Status {
    const auto card = transaction.FindCard(id, bought.card.id);
    EXPECT_EQ(card.value()->status, cards::CardStatus::kActive);
    EXPECT_EQ(card.value()->revision, blocked.revision + 1);
    EXPECT_GT(card.value()->changed_at, blocked.changed_at);
    return {};
  });
  EXPECT_TRUE(read.ok());
}

TEST_F(PostingTest, TwoPostersDoNotGetInEachOthersWay) {
  const OrderOutcome bought = Buy("1", "8 (921) 000-00-00");
  clock_.Advance(hours(48));
  const Status both = store_->Write([&](Transaction& transaction) -> Status {
    Status once = PostDue(transaction, programme_, AccountFor(bought.member.id));
    return once.ok() ? PostDue(transaction, programme_, AccountFor(bought.member.id)) : once;
  });
  ASSERT_TRUE(both.ok()) << both.error().message;
  EXPECT_EQ(Entries(bought), 2);
}

TEST_F(PostingTest, SetsAsideWhatItCannotPostAndGoesOn) {
  (void)Buy("1", "8 (921) 000-00-00");
  clock_.Advance(hours(48));
  site_.programmes.clear();
  Posting posting(*store_, site_);
  const PostingRound first = Run(posting);
  ASSERT_EQ(first.failed.size(), 1u);
  EXPECT_EQ(first.failed[0].error.message, "the settings have no programme \"coffee\"");
  EXPECT_TRUE(Run(posting).failed.empty());
  site_.programmes.emplace(programme_.programme.id, programme_);
  EXPECT_EQ(Run(posting).posted, 0);
  clock_.Advance(hours(2));
  EXPECT_EQ(Run(posting).posted, 1);
}

TEST_F(PostingTest, GoesOnInTheNextBatchWhereTheFirstWasFull) {
  for (int i = 0; i <= kPostingBatch; ++i) {
    (void)Buy(std::to_string(i), "+7921" + std::to_string(1'000'000 + i));
  }
  clock_.Advance(hours(48));
  Posting posting(*store_, site_);
  const PostingRound first = Run(posting);
  EXPECT_EQ(first.posted, kPostingBatch);
  EXPECT_TRUE(first.more);
  const PostingRound second = Run(posting);
  EXPECT_EQ(second.posted, 1);
  EXPECT_FALSE(second.more);
}

TEST_F(PostingTest, TakesTheFirstClockAsItIsAndSmallStepsToo) {
  const auto first = CheckClock(*store_);
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_TRUE(first.value().steady);
  EXPECT_FALSE(first.value().heartbeat.has_value());
  for (const auto step : {minutes(59), minutes(-59), minutes(60), minutes(0)}) {
    clock_.Advance(step);
    EXPECT_TRUE(CheckClock(*store_).value().steady) << step.count();
  }
}

TEST_F(PostingTest, DistrustsAClockThatJumpedUntilSomeoneConfirmsIt) {
  for (const auto jump : {minutes(61), minutes(-61), minutes(525'600)}) {
    ASSERT_TRUE(CheckClock(*store_).value().steady);
    clock_.Advance(jump);
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(CheckClock(*store_).value().steady);
    const auto confirmed = ConfirmClock(*store_);
    ASSERT_TRUE(confirmed.ok());
    EXPECT_EQ(confirmed.value().now - *confirmed.value().heartbeat, jump);
    EXPECT_TRUE(CheckClock(*store_).value().steady);
  }
}

TEST_F(PostingTest, ForgetsAJumpThatWasTakenBack) {
  ASSERT_TRUE(CheckClock(*store_).value().steady);
  clock_.Advance(hours(5));
  ASSERT_FALSE(CheckClock(*store_).value().steady);
  clock_.Advance(hours(-5) + minutes(2));
  EXPECT_TRUE(CheckClock(*store_).value().steady);
}

}  // namespace
}  // namespace passmint::issuance
