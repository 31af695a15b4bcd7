// Points that live on with each activity of the member, with a clock; over HTTP they are in
// tests/functional/api/sliding.test.mjs.

#include "issuance/adjustments.h"
#include "issuance/events.h"
#include "issuance/holds.h"
#include "issuance/ledger_audit.h"
#include "issuance/points.h"
#include "issuance/rewards.h"
#include "issuance/statement.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr char kRules[] = R"({
  "earn": [{"id": "base", "ppm": 50000, "expires": {"after": "P180D", "sliding": true}}],
  "actions": [{"id": "visit", "points": 5, "expires": {"after": "P30D"}}],
  "rewards": [{"id": "tote", "kind": "gift", "price": 0}],
  "calendar": {"hour": 9, "grants": [{"id": "birthday", "on": "birthday", "points": 7}]}})";

class SlidingTest : public RulesTest {
 protected:
  SlidingTest() { programme_.programme.time_zone = "Europe/Berlin"; }

  Wallet WalletOf(const MemberId& member) {
    Wallet wallet;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      auto made = GetWallet(transaction, programme_, member);
      if (!made.ok()) return std::move(made).error();
      wallet = std::move(made).value();
      return {};
    });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return wallet;
  }
  // When the first of the member's points end, and how many.
  std::string NextEnd(const MemberId& member) {
    const Wallet wallet = WalletOf(member);
    if (!wallet.next_expiry) return "never";
    return std::to_string(wallet.next_expiry->points) + " at " +
           FormatRfc3339(wallet.next_expiry->at);
  }
  std::vector<ledger::EntryType> Entries(const MemberId& member) {
    std::vector<ledger::EntryType> types;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      auto made = GetStatement(transaction, programme_,
                               {.member = member, .from = {}, .to = {}, .cursor = {}, .limit = 50});
      if (!made.ok()) return std::move(made).error();
      for (const StatementLine& line : made.value().lines) types.push_back(line.type);
      return {};
    });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return types;
  }
  void At(const char* instant) { clock_.Set(ParseRfc3339(instant).value()); }
};

TEST_F(SlidingTest, PointsLiveForTheTermAfterTheLastActivityWhateverTheClockDoesBetween) {
  Publish(kRules);
  At("2026-11-21T22:30:00Z");  // The 21st in Berlin, an hour ahead then.
  const MemberId member = Sell("1", 100000).member.id;
  EXPECT_EQ(NextEnd(member), "50 at 2027-05-20T22:00:00Z") << "two hours ahead in May";
  At("2027-05-20T21:59:59Z");
  Sell("2", 20000);
  EXPECT_EQ(NextEnd(member), "60 at 2027-11-16T23:00:00Z");
  At("2027-11-16T22:59:59Z");
  EXPECT_EQ(WalletOf(member).points.available, 60);
  At("2027-11-16T23:00:00Z");
  EXPECT_EQ(WalletOf(member).points.available, 0);
  const OrderOutcome late = Sell("3", 100000);
  EXPECT_EQ(late.points.available, 50) << "what was over stays over";
}

TEST_F(SlidingTest, ThePurchaseThatEarnsNothingIsAnActivityAndSaysSoOnce) {
  Publish(kRules);
  const OrderOutcome first = Sell("1", 100000);
  const MemberId& member = first.member.id;
  clock_.Advance(days(10));
  const OrderOutcome small = Sell("2", 10);
  EXPECT_EQ(small.points.earned, 0);
  EXPECT_EQ(small.points.available, 50);
  EXPECT_EQ(NextEnd(member), "50 at 2027-05-30T22:00:00Z");
  EXPECT_EQ(small.card.revision, first.card.revision + 1) << "cards may show when points end";
  EXPECT_EQ(Sell("3", 10).card.revision, small.card.revision) << "the same day";
  EXPECT_EQ(Entries(member), (std::vector{ledger::EntryType::kActivity, ledger::EntryType::kEarn}));
}

TEST_F(SlidingTest, TheSameOrderAgainMovesNothingAgain) {
  Publish(kRules);
  const OrderOutcome first = Sell("1", 100000);
  OrderRequest again = Order("1");
  again.paid_at = FormatRfc3339(clock_.Now());
  again.total = 100000;
  again.customer.phone = "+79210000000";
  again.lines = {{.line_id = "1", .sku = "ESP-1", .amount = 100000}};
  clock_.Advance(days(10));
  const auto repeated = Place(again);
  ASSERT_TRUE(repeated.ok());
  EXPECT_FALSE(repeated.value().created);
  EXPECT_EQ(NextEnd(first.member.id), "50 at 2027-05-20T22:00:00Z");
}

TEST_F(SlidingTest, AnOrderThatComesLateCountsFromWhenItIsBooked) {
  Publish(kRules);
  const MemberId member = Sell("1", 100000).member.id;
  clock_.Advance(days(20));
  OrderRequest late = Order("2");
  late.paid_at = FormatRfc3339(clock_.Now() - days(15));
  late.total = 20000;
  late.customer.phone = "+79210000000";
  late.lines = {{.line_id = "1", .sku = "ESP-1", .amount = 20000}};
  ASSERT_TRUE(Place(late).ok());
  EXPECT_EQ(NextEnd(member), "60 at 2027-06-09T22:00:00Z");
}

TEST_F(SlidingTest, NeitherARefundNorAnAdjustmentMovesAnything) {
  Publish(kRules);
  const MemberId member = Sell("1", 100000).member.id;
  clock_.Advance(days(10));
  Sell("2", 100000);
  clock_.Advance(days(10));
  Refund("2", "r", 100000);
  EXPECT_EQ(NextEnd(member), "50 at 2027-05-30T22:00:00Z") << "neither on nor back";
  const auto given = Write<Booked>([&](Transaction& transaction) {
    Adjustment adjustment;
    adjustment.who.member = member;
    adjustment.points = 5;
    adjustment.reason = "because";
    adjustment.staff.actor = "desk";
    return Adjust(transaction, site_, programme_, adjustment);
  });
  ASSERT_TRUE(given.ok()) << given.error().message;
  EXPECT_EQ(NextEnd(member), "50 at 2027-05-30T22:00:00Z");
}

TEST_F(SlidingTest, AnActionGrantedIsAnActivityAndOneRefusedIsNone) {
  Publish(
      R"({"earn": [{"id": "base", "ppm": 50000, "expires": {"after": "P180D", "sliding": true}}],
              "actions": [{"id": "visit", "points": 5, "once": "month"}]})");
  const MemberId member = Sell("1", 100000).member.id;
  const auto visit = [&](const std::string& id) {
    EventReport report;
    report.source = OrderSource("web");
    report.id = id;
    report.type = "visit";
    report.who.member = member;
    report.actor = "till";
    return Write<EventOutcome>([&](Transaction& transaction) {
      return ReportEvent(transaction, site_, programme_, report);
    });
  };
  clock_.Advance(days(2));
  ASSERT_TRUE(visit("v1").ok());
  EXPECT_EQ(NextEnd(member), "50 at 2027-05-22T22:00:00Z");
  clock_.Advance(days(2));
  EXPECT_EQ(visit("v2").value().event.refusal, "already_granted");
  EXPECT_EQ(NextEnd(member), "50 at 2027-05-22T22:00:00Z");
}

TEST_F(SlidingTest, ARewardThatCostsNothingIsAnActivity) {
  Publish(kRules);
  const MemberId member = Sell("1", 100000).member.id;
  clock_.Advance(days(2));
  const auto claimed = Write<ClaimOutcome>([&](Transaction& transaction) {
    ClaimRequest request;
    request.reward = "tote";
    request.who.member = member;
    request.actor = "till";
    return ClaimReward(transaction, site_, programme_, request);
  });
  ASSERT_TRUE(claimed.ok()) << claimed.error().message;
  EXPECT_EQ(claimed.value().points.available, 50);
  EXPECT_EQ(NextEnd(member), "50 at 2027-05-22T22:00:00Z");
}

TEST_F(SlidingTest, ACaptureIsAnActivityAndAHoldIsNone) {
  Publish(kRules);
  const MemberId member = Sell("1", 100000).member.id;
  clock_.Advance(days(2));
  const auto held = Write<HoldOutcome>([&](Transaction& transaction) {
    HoldRequest request;
    request.who.member = member;
    request.points = 20;
    request.lifetime = std::chrono::seconds(600);
    request.actor = "till";
    return CreateHold(transaction, site_, programme_, request);
  });
  ASSERT_TRUE(held.ok()) << held.error().message;
  EXPECT_EQ(NextEnd(member), "30 at 2027-05-20T22:00:00Z");
  const auto captured = Write<HoldOutcome>([&](Transaction& transaction) {
    return CaptureHold(
        transaction, site_, programme_,
        {.id = held.value().hold.hold.id, .points = 20, .order_id = {}, .actor = "till"});
  });
  ASSERT_TRUE(captured.ok()) << captured.error().message;
  EXPECT_EQ(NextEnd(member), "30 at 2027-05-22T22:00:00Z");
}

TEST_F(SlidingTest, PointsOfRulesPublishedLaterSlideAsTheyDoAndOldOnesAsTheyDid) {
  Publish(kRules);
  const MemberId member = Sell("1", 100000).member.id;
  clock_.Advance(days(1));
  Publish(R"({"earn": [{"id": "base", "ppm": 50000,
                        "expires": {"after": "P2M", "round_to": "month", "sliding": true}}]})");
  Sell("2", 20000);
  EXPECT_EQ(NextEnd(member), "10 at 2027-01-31T23:00:00Z");
  clock_.Advance(days(40));  // 2027-01-01.
  Sell("3", 20000);
  EXPECT_EQ(NextEnd(member), "20 at 2027-03-31T22:00:00Z");
  clock_.Advance(days(90));  // 2027-04-01: the first ones live still, 180 days from New Year's Day.
  EXPECT_EQ(NextEnd(member), "50 at 2027-06-30T22:00:00Z");
}

TEST_F(SlidingTest, AllPointsOfAnAccountWithMoreLotsThanItsRowHoldsLiveOn) {
  Publish(R"({"earn": [
    {"id": "base", "ppm": 50000, "expires": {"after": "P180D", "sliding": true}},
    {"id": "extra", "kind": "fixed", "points": 1, "expires": {"after": "P100D"}}]})");
  MemberId member("");
  for (int n = 0; n < 60; ++n) {
    member = Sell("o" + std::to_string(n), 20000).member.id;
    clock_.Advance(hours(24));
  }
  const std::string ends = FormatRfc3339(WalletOf(member).next_expiry->at);
  clock_.Advance(days(35));  // The first of those that do not slide end.
  Sell("again", 20000);
  clock_.Advance(days(105));  // All of those have ended; the others have 75 days still.
  Wallet wallet = WalletOf(member);
  EXPECT_EQ(wallet.points.available, 610);
  EXPECT_EQ(wallet.next_expiry->points, 610) << "one day for all of them";
  const Status posted = store_->Write([&](Transaction& transaction) {
    return PostDue(transaction, programme_, AccountFor(member));
  });
  EXPECT_TRUE(posted.ok()) << posted.error().message;
  clock_.Set(wallet.next_expiry->at);
  EXPECT_EQ(WalletOf(member).points.available, 0);
  EXPECT_NE(FormatRfc3339(wallet.next_expiry->at), ends);
  const auto report =
      VerifyJournals(*store_, {programme_.programme.id}, [](const auto&) { return Status(); });
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_TRUE(report.value().findings.empty()) << report.value().findings.front().message;
}

}  // namespace
}  // namespace passmint::issuance
