#include <gtest/gtest.h>

#include "wallet.h"

namespace passmint::ledger {
namespace {

using testing::kPoints;
using testing::Line;
using testing::RefundOf;
using testing::RefundOfLine;
using testing::Story;
using testing::Wallet;

constexpr std::chrono::days kDay{1};

RefundLine Units(std::size_t line, Quantity quantity, Group group = Group::kAny) {
  return {.line = line, .group = group, .amount = 0, .quantity = quantity};
}

RefundLine Amount(std::size_t line, std::int64_t amount, Group group = Group::kAny) {
  return {.line = line, .group = group, .amount = amount, .quantity = 0};
}

Adjust Spend(std::int64_t amount) {
  return {.asset = kPoints, .amount = -amount, .funder = {}, .document = {}};
}

TEST(RefundTest, ThirdsOf33PointsAre10And11And12) {
  Wallet wallet;
  wallet.Pay("1", {Line(100'000, 33)});
  EXPECT_EQ(wallet.Repay("1", RefundOf("a", 33'333)).totals.clawed_back, 10);
  EXPECT_EQ(wallet.Repay("1", RefundOf("b", 33'333)).totals.clawed_back, 11);
  EXPECT_EQ(wallet.Repay("1", RefundOf("c", 33'334)).totals.clawed_back, 12);
  EXPECT_EQ(wallet.points(), Balance{});
  EXPECT_EQ(wallet.RefundRefused("1", RefundOf("d", 1)), "over_refund");
}

TEST(RefundTest, RestoresBeforeItClawsBack) {
  Wallet wallet;
  wallet.Give(10);
  wallet.Pay("1", {Line(1000, 8, 100, 10)});
  wallet.Must(Spend(8));
  const Change refunded = wallet.Repay("1", RefundOf("r", 1100));
  EXPECT_EQ(Story(refunded), "restore +10 =10, claw_back -8 =2");
  EXPECT_EQ(wallet.points().debt, 0);
  EXPECT_EQ(refunded.totals.restored, 10);
  EXPECT_EQ(refunded.totals.clawed_back, 8);
  ASSERT_EQ(refunded.refunded.size(), 1U);
  EXPECT_EQ(refunded.refunded[0].amount, 1100);
  EXPECT_EQ(refunded.refunded[0].restored, 10);
  EXPECT_EQ(refunded.refunded[0].clawed_back, 8);
  EXPECT_EQ(refunded.entries[0].entry.document.parent, "1");
}

TEST(RefundTest, WhatWasTakenLastComesBackFirst) {
  Wallet wallet;
  wallet.Give(10, 5 * kDay);
  wallet.Give(10, 9 * kDay);
  wallet.Pay("1", {Line(0, 0, 200, 20)});
  wallet.Repay("1", RefundOf("r", 150));
  EXPECT_EQ(wallet.open_lots(), "1:5 2:10");
}

TEST(RefundTest, AnAmountDrainsMoneyFirstUnlessItNamesTheGroup) {
  Wallet wallet;
  wallet.Give(40);
  wallet.Pay("1", {Line(100, 10, 400, 40)});
  Change refunded = wallet.Repay("1", RefundOfLine("a", Amount(0, 30)));
  EXPECT_EQ(refunded.totals.clawed_back, 3);
  EXPECT_EQ(refunded.totals.restored, 0);
  refunded = wallet.Repay("1", RefundOfLine("b", Amount(0, 30, Group::kPoints)));
  EXPECT_EQ(refunded.totals.clawed_back, 0);
  EXPECT_EQ(refunded.totals.restored, 3);
  EXPECT_EQ(wallet.RefundRefused("1", RefundOfLine("c", Amount(0, 71, Group::kMoney))),
            "over_refund");
  EXPECT_EQ(wallet.RefundRefused("1", RefundOfLine("c", Amount(0, 371, Group::kPoints))),
            "over_refund");
  refunded = wallet.Repay("1", RefundOfLine("d", Amount(0, 440)));
  EXPECT_EQ(refunded.totals.clawed_back, 7);
  EXPECT_EQ(refunded.totals.restored, 37);
}

TEST(RefundTest, AWholeOrdersAmountIsSpreadOverWhatIsLeft) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10), Line(200, 20), Line(0, 0)});
  wallet.Repay("1", RefundOfLine("a", Amount(1, 150)));
  const Change refunded = wallet.Repay("1", RefundOf("b", 100));
  ASSERT_EQ(refunded.refunded.size(), 2U);
  EXPECT_EQ(refunded.refunded[0].amount, 67);
  EXPECT_EQ(refunded.refunded[1].amount, 33);
  EXPECT_EQ(wallet.RefundRefused("1", RefundOf("c", 51)), "over_refund");
  wallet.Repay("1", RefundOf("d", 50));
  EXPECT_EQ(wallet.points().available, 0);
}

TEST(RefundTest, AllUnitsAreAllOfTheLineWhateverTheirPrice) {
  Wallet wallet;
  LineRecord line = Line(1000, 10);
  line.quantity = 3 * kUnit;
  wallet.Pay("1", {line});
  std::vector<std::int64_t> amounts;
  for (const char* id : {"a", "b", "c"}) {
    amounts.push_back(wallet.Repay("1", RefundOfLine(id, Units(0, kUnit))).refunded[0].amount);
  }
  EXPECT_EQ(amounts, (std::vector<std::int64_t>{333, 333, 334}));
  EXPECT_EQ(wallet.points().available, 0);
  EXPECT_EQ(wallet.RefundRefused("1", RefundOfLine("d", Units(0, 1))), "over_refund");
}

TEST(RefundTest, PartsOfAUnitAreRefundedAtItsPrice) {
  Wallet wallet;
  LineRecord line = Line(700, 7);
  line.quantity = 350;  // Grams of a kilogram.
  wallet.Pay("1", {line});
  EXPECT_EQ(wallet.Repay("1", RefundOfLine("a", Units(0, 100))).refunded[0].amount, 200);
  EXPECT_EQ(wallet.Repay("1", RefundOfLine("b", Units(0, 250))).refunded[0].amount, 500);
}

TEST(RefundTest, UnitsOfEachGroupCostTheSameInWhicheverOrderTheyComeBack) {
  for (const bool points_first : {false, true}) {
    Wallet wallet;
    wallet.Give(50);
    LineRecord line = Line(599, 6, 400, 40);  // 999 for five, of which points paid two.
    line.quantity = 5 * kUnit;
    wallet.Pay("1", {line});
    for (int i = 0; i < 5; ++i) {
      const bool points = points_first ? i < 2 : i >= 3;
      wallet.Repay("1", RefundOfLine(std::to_string(i),
                                     Units(0, kUnit, points ? Group::kPoints : Group::kMoney)));
    }
    EXPECT_EQ(wallet.points().available, 50);
    EXPECT_EQ(wallet.orders.at("1").lines[0].gross_left(), 0);
  }
}

TEST(RefundTest, UnitsAfterAnAmountMayNotExceedWhatIsLeft) {
  Wallet wallet;
  LineRecord line = Line(300, 3);
  line.quantity = 3 * kUnit;
  wallet.Pay("1", {line});
  wallet.Repay("1", RefundOfLine("a", Amount(0, 50)));
  EXPECT_EQ(wallet.RefundRefused("1", RefundOfLine("b", Units(0, 3 * kUnit))), "over_refund");
  wallet.Repay("1", RefundOfLine("c", Units(0, 2 * kUnit)));
}

TEST(RefundTest, AGrantGoesWithTheLastOfTheMoney) {
  Wallet wallet;
  wallet.Give(10);
  PayOrder pay = testing::Sale("1", {Line(100, 10, 100, 10)}, wallet.now, kNever);
  pay.order.grants = {{.rule = "welcome", .points = 300, .clawed = 0}};
  pay.earnings[0].amount += 300;
  wallet.Must(pay);
  EXPECT_EQ(wallet.Repay("1", RefundOf("a", 99)).totals.clawed_back, 9);
  EXPECT_EQ(wallet.Repay("1", RefundOf("b", 1)).totals.clawed_back, 301);
  EXPECT_EQ(wallet.orders.at("1").grants[0].clawed, 300);
  EXPECT_EQ(Story(wallet.Repay("1", RefundOf("c", 100))), "restore +10 =10");
}

TEST(RefundTest, AGrantThatARefundNamesGoesWithItAndOnlyOnce) {
  Wallet wallet;
  PayOrder pay = testing::Sale("1", {Line(100, 10)}, wallet.now, kNever);
  pay.order.grants = {{.rule = "welcome", .points = 300, .clawed = 0},
                      {.rule = "big", .points = 20, .clawed = 0}};
  pay.earnings[0].amount += 320;
  wallet.Must(pay);
  Refund refund = RefundOf("a", 10);
  refund.lost_grants = {1};
  EXPECT_EQ(wallet.Repay("1", refund).totals.clawed_back, 21);
  refund.refund_id = "b";
  EXPECT_EQ(wallet.Repay("1", refund).totals.clawed_back, 1);
  refund.lost_grants = {2};
  EXPECT_EQ(wallet.RefundRefused("1", refund), "invalid_command");
  EXPECT_EQ(wallet.Repay("1", RefundOf("c", 80)).totals.clawed_back, 308);
}

TEST(RefundTest, TakesTheOrdersOwnPendingThenAvailableThenExpiredThenOthersThenDebt) {
  Wallet wallet;
  wallet.Give(5);  // Lot 1: another's.
  PayOrder pay = testing::Sale("1", {Line(100, 40)}, wallet.now, wallet.now + 30 * kDay);
  pay.earnings.resize(3, pay.earnings[0]);
  pay.earnings[0].amount = 10;  // Lot 2: expires.
  pay.earnings[0].expires_at = wallet.now + kDay;
  pay.earnings[1].amount = 10;  // Lot 3: stays pending.
  pay.earnings[1].activates_at = wallet.now + 20 * kDay;
  pay.earnings[2].amount = 20;  // Lot 4: half of it spent.
  wallet.Must(pay);
  wallet.Wait(kDay);
  wallet.Must(Spend(10));
  ASSERT_EQ(wallet.open_lots(), "3:0+10 4:10 1:5");

  wallet.Repay("1", RefundOf("a", 25));
  EXPECT_EQ(wallet.open_lots(), "4:10 1:5");
  wallet.Repay("1", RefundOf("b", 25));
  EXPECT_EQ(wallet.open_lots(), "1:5");
  EXPECT_EQ(Story(wallet.Repay("1", RefundOf("c", 25))), "claw_back +0 =5");
  EXPECT_EQ(wallet.lot(2).expired, 0);
  EXPECT_EQ(wallet.lot(2).clawed, 10);
  EXPECT_EQ(Story(wallet.Repay("1", RefundOf("d", 25))), "claw_back -5 =0");
  EXPECT_EQ(wallet.points().debt, 5);
}

TEST(RefundTest, TheDebtPolicyDecidesWhatCannotBeTaken) {
  struct Case {
    Policy::Debt policy;
    std::int64_t available;
    std::int64_t debt;
    std::int64_t clawed_back;
  };
  for (const Case& one :
       {Case{Policy::Debt::kUnlimited, 0, 3, 10}, Case{Policy::Debt::kWithinBalance, 0, 0, 7},
        Case{Policy::Debt::kOnlyPending, 7, 0, 0}}) {
    Wallet wallet;
    wallet.policy.debt = one.policy;
    wallet.Pay("1", {Line(100, 10)});
    wallet.Must(Spend(9));
    wallet.Give(6);
    const Change refunded = wallet.Repay("1", RefundOf("r", 100));
    EXPECT_EQ(wallet.points().available, one.available);
    EXPECT_EQ(wallet.points().debt, one.debt);
    EXPECT_EQ(refunded.totals.clawed_back, one.clawed_back);
    EXPECT_EQ(refunded.refunded[0].clawed_back, one.clawed_back);
    EXPECT_EQ(wallet.orders.at("1").lines[0].clawed, 10);
  }
}

TEST(RefundTest, ADebtBeyondTheLimitIsRefused) {
  Wallet wallet;
  wallet.policy.debt_limit = 4;
  wallet.Pay("1", {Line(100, 10)});
  wallet.Must(Spend(10));
  EXPECT_EQ(wallet.RefundRefused("1", RefundOf("a", 50)), "debt_limit");
  wallet.Repay("1", RefundOf("a", 40));
  EXPECT_EQ(wallet.points().debt, 4);
}

TEST(RefundTest, HeldPointsAreNotClawedBack) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10)});
  wallet.PlaceHoldOf("h_1", 10);
  wallet.Repay("1", RefundOf("a", 100));
  EXPECT_EQ(wallet.points().held, 10);
  EXPECT_EQ(wallet.points().debt, 10);
  EXPECT_EQ(Story(wallet.Must(CaptureHold{.id = HoldId("h_1"), .amount = 4})),
            "capture +6 =6, debt_offset -6 =0");
  EXPECT_EQ(wallet.points().debt, 4);
}

TEST(RefundTest, ARefundWithoutPointsIsInTheJournalToo) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 0)});
  EXPECT_EQ(Story(wallet.Repay("1", RefundOf("a", 50))), "claw_back +0 =0");
  EXPECT_EQ(wallet.orders.at("1").lines[0].paid_refunded, 50);
}

TEST(RefundTest, WhatNamesNoPartOfTheOrderIsInvalid) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10)});
  EXPECT_EQ(wallet.RefundRefused("1", RefundOf("a", 0)), "invalid_command");
  EXPECT_EQ(wallet.RefundRefused("1", RefundOf("a", -1)), "invalid_command");
  EXPECT_EQ(wallet.RefundRefused("1", RefundOfLine("a", Amount(1, 10))), "invalid_command");
  EXPECT_EQ(wallet.RefundRefused("1", RefundOfLine("a", Amount(0, 0))), "invalid_command");
  Refund twice = RefundOfLine("a", Amount(0, 10));
  twice.lines.push_back(twice.lines[0]);
  EXPECT_EQ(wallet.RefundRefused("1", twice), "invalid_command");
  EXPECT_EQ(wallet.RefundRefused("1", RefundOf("a", kAmountMax + 1)), "amount_too_large");
  EXPECT_EQ(wallet.Refused(RefundOf("a", 1)), "invalid_command");  // Without its order.
}

TEST(RefundTest, NeedsTheLotsThatItGivesToAndTakesFromAndNoOthers) {
  Wallet wallet;
  for (int i = 1; i <= 5; ++i) wallet.Give(10, i * kDay);
  wallet.Pay("1", {Line(100, 10, 150, 15)});
  const OrderRecord& order = wallet.orders.at("1");
  const Need money = NeedOf(&order, RefundOf("a", 40));
  EXPECT_EQ(money.lots, order.lots);
  Need points = NeedOf(&order, RefundOfLine("a", Amount(0, 10, Group::kPoints)));
  EXPECT_EQ(points.lots, (std::vector<LotId>{1, 2}));
  EXPECT_TRUE(points.cover.empty());
  EXPECT_EQ(NeedOf(&order, RefundOfLine("a", Amount(0, 100, Group::kMoney))).cover.at(kPoints), 10);
}

// Every way to give an order back in up to three refunds.
class EveryRefund {
 public:
  explicit EveryRefund(const Policy& policy) { context_.policy = policy; }

  // `spends`: whether what is left after the order is spent before the refunds.
  void Run(const LineRecord& line, bool spends) {
    Wallet wallet;
    if (line.burned > 0) wallet.Give(line.burned);
    wallet.Pay("1", {line});
    if (spends && wallet.points().available > 0) wallet.Must(Spend(wallet.points().available));
    context_.now = wallet.now;
    Check(wallet.account, wallet.orders.at("1"), 3);
  }

  int count() const { return count_; }

 private:
  static std::int64_t Floor(std::int64_t points, std::int64_t refunded, std::int64_t of) {
    return of == 0 ? 0 : points * refunded / of;
  }
  static std::int64_t Worth(const Account& account) {
    return account.balance(kPoints).available - account.balance(kPoints).debt;
  }

  void Check(const Account& account, const OrderRecord& order, int times) {
    const LineRecord& line = order.lines[0];
    ASSERT_EQ(line.clawed, Floor(line.earned, line.paid_refunded, line.paid));
    ASSERT_EQ(line.restored, Floor(line.burned, line.value_refunded, line.value));
    const bool over = Apply(account, &order, RefundOf("r", line.gross_left() + 1), context_).ok();
    ASSERT_FALSE(over);
    for (std::int64_t amount = 1; times > 0 && amount <= line.gross_left(); ++amount) {
      const Result<Change> done = Apply(account, &order, RefundOf("r", amount), context_);
      ASSERT_TRUE(done.ok()) << done.error().message;
      ++count_;
      const Change& change = done.value();
      ASSERT_TRUE(CheckInvariants(change.account, true).ok());
      const LineRecord& after = change.order->lines[0];
      ASSERT_EQ(after.restored - line.restored, change.totals.restored);
      ASSERT_EQ(Worth(change.account) - Worth(account),
                change.totals.restored - change.totals.clawed_back);
      if (context_.policy.debt == Policy::Debt::kUnlimited) {
        ASSERT_EQ(after.clawed - line.clawed, change.totals.clawed_back);
      } else {
        ASSERT_EQ(change.account.balance(kPoints).debt, 0);
      }
      Check(change.account, *change.order, times - 1);
    }
  }

  Context context_;
  int count_ = 0;
};

TEST(RefundTest, EverySplitOfASmallOrderAddsUpExactly) {
  EveryRefund every({});
  for (std::int64_t paid = 0; paid <= 8; ++paid) {
    for (std::int64_t earned = 0; earned <= (paid == 0 ? 0 : 8); ++earned) {
      every.Run(Line(paid, earned), false);
      every.Run(Line(paid, earned), true);
      every.Run(Line(0, 0, paid, earned), true);
    }
  }
  EXPECT_GT(every.count(), 6'000);
}

TEST(RefundTest, EverySplitAddsUpWhereMoneyAndPointsPaidTogether) {
  for (const Policy::Debt debt :
       {Policy::Debt::kUnlimited, Policy::Debt::kWithinBalance, Policy::Debt::kOnlyPending}) {
    Policy policy;
    policy.debt = debt;
    EveryRefund every(policy);
    for (const std::int64_t paid : {1, 3, 8}) {
      for (const std::int64_t value : {1, 4, 8}) {
        every.Run(Line(paid, 7, value, 5), true);
        every.Run(Line(paid, 4, value, 8), true);
      }
    }
    EXPECT_GT(every.count(), 3'000);
  }
}

}  // namespace
}  // namespace passmint::ledger
