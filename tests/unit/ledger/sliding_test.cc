#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "ledger/codec.h"
#include "ledger/donate.h"
#include "unit/ledger/wallet.h"

namespace passmint::ledger {
namespace {

using std::chrono::days;
using testing::kPoints;
using testing::Line;
using testing::Story;
using testing::Wallet;

constexpr SlidingTerm kHalfYear{.months = 0, .days = 180};
constexpr SlidingTerm kYear{.months = 12, .days = 0, .end = SlidingTerm::End::kMonth};
constexpr std::chrono::microseconds kInstant{1};

const Document kVisit{.type = DocumentType::kEvent, .source = "web", .id = "visit", .parent = {}};

// Somebody whose points live for 180 days after what they did last.
class Member : public Wallet {
 public:
  using Wallet::Wallet;

  Change Earn(std::int64_t points, std::optional<SlidingTerm> term = kHalfYear) {
    const Earning earning{.asset = kPoints,
                          .amount = points,
                          .activates_at = now,
                          .expires_at = now + days(180),
                          .funder = {},
                          .derivations = {},
                          .slides = term};
    return Act(GrantPoints{.earnings = {earning}, .document = kVisit});
  }
  Change Buy(const std::string& id, std::int64_t paid, std::int64_t earned,
             std::int64_t burned = 0) {
    PayOrder pay;
    pay.order.key = {.source = "web", .id = id};
    pay.order.asset = kPoints;
    pay.order.lines = {Line(paid, earned, burned, burned)};
    if (earned > 0) {
      pay.earnings.push_back({.asset = kPoints,
                              .amount = earned,
                              .activates_at = now,
                              .expires_at = now + days(180),
                              .funder = {},
                              .derivations = {},
                              .slides = kHalfYear});
    }
    return Act(pay);
  }
  Change Visit() { return Act(Activity{.document = kVisit}); }

  Context active() const {
    Context made = context();
    made.slides = {{kHalfYear, now + days(180)}};
    return made;
  }
  Result<Change> Try(const Command& command) { return Apply(account, nullptr, command, active()); }
  Change Act(const Command& command) {
    const auto done = Try(command);
    EXPECT_TRUE(done.ok()) << done.error().message;
    if (!done.ok()) return {};
    Keep(done.value());
    return done.value();
  }
};

TEST(SlidingTest, PointsLiveOnWithEachActivityAndDieAfterTheLast) {
  Member member;
  member.Earn(100);
  for (int i = 0; i < 3; ++i) {
    member.Wait(days(170));
    EXPECT_EQ(Story(member.Visit()), "activity +0 =100");
    EXPECT_EQ(member.lot(1).expires_at, member.now + days(180));
    EXPECT_EQ(NextDue(member.account), member.now + days(180));
  }
  member.Wait(days(180) - kInstant);
  EXPECT_EQ(Story(member.Must(Settle{})), "");
  member.Wait(kInstant);
  EXPECT_EQ(Story(member.Must(Settle{})), "expire -100 =0");
}

TEST(SlidingTest, AnActivityAtTheInstantOfTheExpiryIsTooLate) {
  Member member;
  member.Earn(100);
  member.Wait(days(180));
  EXPECT_EQ(Story(member.Visit()), "expire -100 =0");
  EXPECT_EQ(member.lot(1).expires_at, member.now);

  Member other;
  other.Earn(100);
  other.Wait(days(180) - kInstant);
  EXPECT_EQ(Story(other.Visit()), "activity +0 =100");
}

TEST(SlidingTest, OnlyActivitiesMoveAnythingAndOnlyToLater) {
  Member member;
  member.Earn(100);
  member.Earn(50, kYear);
  member.Earn(30, std::nullopt);
  const Timestamp first = member.lot(1).expires_at;
  member.Wait(days(10));
  member.Give(5);
  member.PlaceHoldOf("h", 5);
  member.Must(VoidHold{HoldId("h")});
  EXPECT_EQ(member.lot(1).expires_at, first);
  member.Visit();
  EXPECT_EQ(member.lot(1).expires_at, first + days(10));
  EXPECT_EQ(member.lot(2).expires_at, first) << "of another term, of which nothing was said";
  EXPECT_EQ(member.lot(3).expires_at, first) << "does not slide";
  Context earlier = member.context();
  earlier.slides = {{kHalfYear, first}};
  const auto change = Apply(member.account, nullptr, Activity{kVisit}, earlier);
  ASSERT_TRUE(change.ok());
  EXPECT_TRUE(change.value().entries.empty()) << "nothing lives longer by it";
}

TEST(SlidingTest, WhatIsSpentIsChosenAsThePointsLiveAfterTheActivity) {
  Member member;
  member.Earn(100);  // Slides,
  member.Wait(days(1));
  member.Earn(40, std::nullopt);  // and now lives longer than this does not.
  EXPECT_EQ(member.open_lots(), "1:100 2:40");
  member.Wait(days(1));
  EXPECT_EQ(Story(member.Buy("1", 0, 0, 30)), "burn -30 =110");
  EXPECT_EQ(member.open_lots(), "2:10 1:100");
}

TEST(SlidingTest, AnOrderThatBurnsAndEarnsSaysItOnceAndOneThatMovesNothingMakesNoEntry) {
  Member member;
  EXPECT_TRUE(member.Visit().entries.empty());
  member.Earn(100);
  member.Wait(days(3));
  const Change change = member.Buy("1", 100, 5, 20);
  EXPECT_EQ(Story(change), "burn -20 =80, earn +5 =85");
  ASSERT_EQ(change.entries.size(), 2U);
  ASSERT_EQ(change.entries[0].entry.slides.size(), 1U);
  EXPECT_EQ(change.entries[0].entry.slides[0], (Slide{kHalfYear, member.now + days(180)}));
  EXPECT_TRUE(change.entries[1].entry.slides.empty());
  EXPECT_TRUE(member.Visit().entries.empty()) << "the same instant again";
}

TEST(SlidingTest, AnEntryNamesTheTermAndNotTheLotsThatNothingElseHappenedTo) {
  Member member;
  for (int i = 0; i < 50; ++i) {
    member.Wait(kInstant);
    member.Act(GrantPoints{.earnings = {{.asset = kPoints,
                                         .amount = 1,
                                         .activates_at = member.now,
                                         .expires_at = member.now + days(180),
                                         .funder = {},
                                         .derivations = {},
                                         .slides = kHalfYear}},
                           .document = kVisit});
  }
  member.Wait(days(1));
  const Change change = member.Visit();
  EXPECT_EQ(change.touched.size(), 50U);
  EXPECT_TRUE(change.entries[0].entry.lots.empty());
  EXPECT_LT(change.entries[0].body.size(), 60U);
}

TEST(SlidingTest, HeldAndPendingPointsLiveOnToo) {
  Member member;
  member.Earn(100);
  const Earning later{.asset = kPoints,
                      .amount = 7,
                      .activates_at = member.now + days(100),
                      .expires_at = member.now + days(180),
                      .funder = {},
                      .derivations = {},
                      .slides = kHalfYear};
  member.Act(GrantPoints{.earnings = {later}, .document = kVisit});
  member.PlaceHoldOf("h", 100, days(7));
  member.Wait(days(5));
  member.Visit();
  EXPECT_EQ(member.lot(1).expires_at, member.now + days(180));
  EXPECT_EQ(member.lot(2).expires_at, member.now + days(180));
  EXPECT_EQ(Story(member.Act(CaptureHold{HoldId("h"), 60})), "capture +40 =40");
}

TEST(SlidingTest, ACaptureIsAnActivity) {
  Member member;
  member.Earn(100);
  member.PlaceHoldOf("h", 50, days(7));
  member.Wait(days(5));
  member.Act(CaptureHold{HoldId("h"), 50});
  EXPECT_EQ(member.lot(1).expires_at, member.now + days(180));
}

TEST(SlidingTest, ADonationIsOneOfTheGiverAlone) {
  Member giver("a_1");
  Member charity("a_2");
  giver.Earn(100);
  giver.Wait(days(5));
  charity.now = giver.now;
  const Move gift{.asset = kPoints, .amount = 10, .document = kVisit};
  const auto given = ApplyDonation(giver.account, charity.account, gift, giver.active());
  ASSERT_TRUE(given.ok());
  giver.Keep(given.value().first);
  charity.Keep(given.value().second);
  EXPECT_EQ(giver.lot(1).expires_at, giver.now + days(180));
  EXPECT_FALSE(charity.lot(1).slides);
  EXPECT_EQ(charity.lot(1).expires_at, kNever);
}

TEST(SlidingTest, ARefundMovesNothingBackAndGivesPointsToTheLotAsItIsNow) {
  Member member;
  member.Earn(100);
  member.Wait(days(100));
  member.Buy("1", 100, 5, 20);
  const Timestamp until = member.now + days(180);
  member.Wait(days(100));  // Beyond the first expiry of the lot.
  member.Repay("1", testing::RefundOf("r", 120));
  EXPECT_EQ(member.lot(1).expires_at, until);
  EXPECT_EQ(member.open_lots(), "1:100");
}

TEST(SlidingTest, PointsSpentToTheLastStayAsTheySlidWhenTheyWereSpent) {
  Member member;
  member.Earn(100);
  member.Wait(days(100));
  member.Buy("1", 0, 0, 100);
  const Timestamp until = member.now + days(180);
  member.Wait(days(50));
  member.Earn(1);
  EXPECT_EQ(member.lot(1).expires_at, until) << "there is nothing in it";
  member.Repay("1", testing::RefundOf("r", 100));
  EXPECT_EQ(member.points().available, 101);
  member.Visit();
  EXPECT_EQ(member.lot(1).expires_at, member.now + days(180)) << "and they slide on";
}

TEST(SlidingTest, WhatMovesToAnotherMemberSlidesThere) {
  Member from("a_1");
  Member to("a_2");
  from.Earn(100);
  const Move move{.asset = kPoints, .amount = 40, .document = kVisit};
  const auto moved = ApplyMove(from.account, to.account, move, from.context());
  ASSERT_TRUE(moved.ok());
  from.Keep(moved.value().first);
  to.Keep(moved.value().second);
  to.Wait(days(3));
  to.Visit();
  EXPECT_EQ(to.lot(1).expires_at, to.now + days(180));
  EXPECT_EQ(from.lot(1).expires_at, from.now + days(180));
}

TEST(SlidingTest, AMergeIsNoActivityAndTheNextOneMovesBothSides) {
  Member loser("a_1");
  Member winner("a_2");
  loser.Earn(10);
  winner.Wait(days(2));
  winner.Earn(20);
  const Document document{.type = DocumentType::kMerge, .source = {}, .id = "m", .parent = {}};
  const auto merged = ApplyMerge(loser.account, winner.account, document, winner.context());
  ASSERT_TRUE(merged.ok());
  loser.Keep(merged.value().first);
  winner.Keep(merged.value().second);
  EXPECT_EQ(winner.lot(2).expires_at, loser.now + days(180));
  winner.Wait(days(10));
  winner.Visit();
  EXPECT_EQ(winner.lot(1).expires_at, winner.now + days(180));
  EXPECT_EQ(winner.lot(2).expires_at, winner.now + days(180));
}

TEST(SlidingTest, ARefusedCommandMovesNothing) {
  Member member;
  member.Earn(100);
  member.Wait(days(5));
  PayOrder pay;
  pay.order.key = {.source = "web", .id = "1"};
  pay.order.asset = kPoints;
  pay.order.lines = {Line(0, 0, 101, 101)};
  EXPECT_EQ(member.Try(pay).error().reason, "insufficient_points");
}

TEST(SlidingTest, WhatIsNoActivityOfTheOwnerIsRefusedAsOne) {
  Member member;
  member.Earn(100);
  const Adjust gift{
      .asset = kPoints, .amount = 5, .expires_at = kNever, .funder = {}, .document = {}};
  for (const Command& command :
       {Command(gift), Command(Settle{}), Command(VoidHold{HoldId("h")})}) {
    EXPECT_EQ(member.Try(command).error().reason, "invalid_command");
  }
}

TEST(SlidingTest, WhatSlidesEndsAfterATermThatTheCalendarHas) {
  Member member;
  Earning earning{.asset = kPoints,
                  .amount = 1,
                  .activates_at = member.now,
                  .expires_at = kNever,
                  .funder = {},
                  .derivations = {},
                  .slides = kHalfYear};
  EXPECT_EQ(member.Refused(GrantPoints{{earning}, kVisit}), "invalid_command");
  earning.expires_at = member.now + days(1);
  earning.slides = SlidingTerm{.months = kTermCountMax + 1, .days = 0};
  EXPECT_EQ(member.Refused(GrantPoints{{earning}, kVisit}), "invalid_command");
}

TEST(SlidingTest, PointsOfTwoTermsAreTwoLots) {
  Member member;
  const auto earning = [&](std::optional<SlidingTerm> term) {
    return Earning{.asset = kPoints,
                   .amount = 1,
                   .activates_at = member.now,
                   .expires_at = member.now + days(180),
                   .funder = {},
                   .derivations = {},
                   .slides = term};
  };
  member.Must(
      GrantPoints{{earning(kHalfYear), earning(kYear), earning({}), earning(kYear)}, kVisit});
  EXPECT_EQ(member.open_lots(), "1:1 2:2 3:1");
}

TEST(SlidingTest, AJournalThatNamesASlideOfNothingIsWrong) {
  Member member;
  member.Earn(100);
  member.Wait(days(1));
  Change change = member.Try(Activity{kVisit}).value();
  Entry entry = change.entries[0].entry;
  entry.slides = {{kYear, member.now + days(400)}};
  const std::string body = EncodeBody(entry);
  Rebuilder rebuilder(ProgrammeId("cafe"), member.account.id);
  Member copy;
  const Change earned = copy.Earn(100);
  const PostedEntry& first = earned.entries[0];
  ASSERT_TRUE(rebuilder.Add(1, first.body, first.hash).ok());
  const Status added = rebuilder.Add(2, body, NextHash(first.hash, 2, body));
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().reason, "journal_books");
}

}  // namespace
}  // namespace passmint::ledger
