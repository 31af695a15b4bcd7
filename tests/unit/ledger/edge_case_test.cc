// The cases that loyalty programmes get wrong, by their number in the list that this ledger was
// built after.
#include <gtest/gtest.h>

#include "ledger/arithmetic.h"
#include "wallet.h"

namespace passmint::ledger {
namespace {

using testing::kPoints;
using testing::Line;
using testing::RefundOf;
using testing::RefundOfLine;
using testing::Sale;
using testing::Story;
using testing::Wallet;

constexpr std::chrono::days kDay{1};

Adjust Spend(std::int64_t amount) {
  return {.asset = kPoints, .amount = -amount, .funder = {}, .document = {}};
}

// An account that owes 10.
Wallet Owing() {
  Wallet wallet;
  wallet.Pay("owed", {Line(100, 10)});
  wallet.Must(Spend(10));
  wallet.Repay("owed", RefundOf("r", 100));
  EXPECT_EQ(wallet.points().debt, 10);
  return wallet;
}

// Ten points that were burned and whose lot expired since.
Wallet BurnedAndExpired() {
  Wallet wallet;
  wallet.Give(10, kDay);
  wallet.Pay("1", {Line(0, 0, 100, 10)});
  wallet.Wait(2 * kDay);
  return wallet;
}

TEST(LedgerTest, EdgeCase01_BurnedPointsOfAnExpiredLotComeBackForAWhile) {
  Wallet wallet = BurnedAndExpired();
  const Change refunded = wallet.Repay("1", RefundOf("r", 60));
  EXPECT_EQ(Story(refunded), "restore +6 =6");
  EXPECT_EQ(wallet.lot(2).restored_from, 1);
  EXPECT_EQ(wallet.lot(2).expires_at, wallet.now + 14 * kDay);
  EXPECT_EQ(wallet.lot(2).document.id, "r");
  EXPECT_EQ(wallet.lot(1).spent, 10);
  wallet.Wait(14 * kDay);
  EXPECT_EQ(Story(wallet.Must(Settle{})), "expire -6 =0");
}

TEST(LedgerTest, EdgeCase01_OrTheyExpireAtOnceIfTheProgrammeSaysSo) {
  Wallet wallet = BurnedAndExpired();
  wallet.policy.restore = Policy::Restore::kExpire;
  const Change refunded = wallet.Repay("1", RefundOf("r", 60));
  EXPECT_EQ(Story(refunded), "restore +0 =0");
  EXPECT_EQ(refunded.totals.restored, 0);
  EXPECT_EQ(wallet.lot(1).spent, 4);
  EXPECT_EQ(wallet.lot(1).expired, 6);
}

TEST(LedgerTest, EdgeCase01_OrTheyStaySpentIfTheProgrammeForbidsIt) {
  Wallet wallet = BurnedAndExpired();
  wallet.policy.restore = Policy::Restore::kForbid;
  const Change refunded = wallet.Repay("1", RefundOf("r", 60));
  EXPECT_EQ(refunded.totals.restored, 0);
  EXPECT_EQ(wallet.lot(1).spent, 10);
  EXPECT_EQ(wallet.orders.at("1").lines[0].restored, 6);  // They are dealt with, all the same.
  wallet.Repay("1", RefundOf("s", 40));
  EXPECT_EQ(wallet.RefundRefused("1", RefundOf("t", 1)), "over_refund");
}

TEST(LedgerTest, EdgeCase02_EarnedPointsThatWereSpentAreTakenFromOthersThenOwed) {
  Wallet wallet;
  wallet.Give(4);
  wallet.Pay("1", {Line(100, 10)}, kDay);
  wallet.Must(Spend(10));  // The order's, which expire first.
  EXPECT_EQ(Story(wallet.Repay("1", RefundOf("r", 100))), "claw_back -4 =0");
  EXPECT_EQ(wallet.points().debt, 6);
}

TEST(LedgerTest, EdgeCase03_ANewEarningPaysDebtFirstAndTheStatementShowsBoth) {
  Wallet wallet = Owing();
  EXPECT_EQ(Story(wallet.Pay("2", {Line(300, 30)})), "earn +30 =30, debt_offset -10 =20");
  EXPECT_EQ(wallet.journal.back().document.id, "2");
}

TEST(LedgerTest, EdgeCase04_VoidingAHoldOffsetsDebtAtOnce) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10)});
  wallet.PlaceHoldOf("h_1", 10);
  wallet.Repay("1", RefundOf("r", 60));
  ASSERT_EQ(wallet.points().debt, 6);
  EXPECT_EQ(Story(wallet.Must(VoidHold{HoldId("h_1")})), "void +10 =10, debt_offset -6 =4");
  EXPECT_EQ(wallet.points().debt, 0);
}

TEST(LedgerTest, EdgeCase04_SoDoesAHoldThatExpires) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10)});
  wallet.PlaceHoldOf("h_1", 10);
  wallet.Repay("1", RefundOf("r", 60));
  wallet.Wait(kDay);
  EXPECT_EQ(Story(wallet.Must(Settle{})), "hold_expire +10 =10, debt_offset -6 =4");
}

TEST(LedgerTest, EdgeCase05_ARefundOfMoreThanIsLeftIsRefusedWhole) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10), Line(50, 5)});
  wallet.Repay("1", RefundOf("a", 30));
  const Account before = wallet.account;
  Refund refund{.refund_id = "b",
                .lines = {{.line = 1, .group = Group::kAny, .amount = 10, .quantity = 0},
                          {.line = 0, .group = Group::kAny, .amount = 81, .quantity = 0}},
                .amount = 0};
  const Result<Change> refused = wallet.TryRefund("1", refund);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused.error().reason, "over_refund");
  ASSERT_EQ(refused.error().problems.size(), 1U);
  EXPECT_EQ(refused.error().problems[0].pointer, "");
  EXPECT_EQ(wallet.account.sequence, before.sequence);
  EXPECT_EQ(wallet.orders.at("1").lines[1].paid_refunded, 10);
}

TEST(LedgerTest, EdgeCase10_PartsThatReachTheWholeGiveBackTheWhole) {
  Wallet wallet;
  wallet.Give(7);
  wallet.Pay("1", {Line(9'999, 13, 701, 7)});
  for (int i = 0; i < 107; ++i) wallet.Repay("1", RefundOf(std::to_string(i), 100));
  EXPECT_EQ(wallet.orders.at("1").lines[0].clawed, 13);
  EXPECT_EQ(wallet.orders.at("1").lines[0].restored, 7);
  EXPECT_EQ(wallet.points().available, 7);
  EXPECT_EQ(wallet.RefundRefused("1", RefundOf("more", 1)), "over_refund");
}

TEST(LedgerTest, EdgeCase11_OneUnitOfFiveOfWhichPointsPaidTwo) {
  Wallet wallet;
  wallet.Give(200);
  LineRecord line = Line(3000, 30, 2000, 200);
  line.quantity = 5 * kUnit;
  wallet.Pay("1", {line});
  const auto unit = [](Group group) {
    return RefundLine{.line = 0, .group = group, .amount = 0, .quantity = kUnit};
  };
  Change refunded = wallet.Repay("1", RefundOfLine("a", unit(Group::kPoints)));
  EXPECT_EQ(refunded.totals.restored, 100);
  EXPECT_EQ(refunded.totals.clawed_back, 0);
  refunded = wallet.Repay("1", RefundOfLine("b", unit(Group::kAny)));  // Money units first.
  EXPECT_EQ(refunded.totals.restored, 0);
  EXPECT_EQ(refunded.totals.clawed_back, 10);
  EXPECT_EQ(refunded.refunded[0].amount, 1000);
}

TEST(LedgerTest, EdgeCase14_ARefundReversesWhatWasEarnedNotWhatAnyRuleSays) {
  Wallet wallet;
  wallet.Pay("1", {Line(1000, 777)});  // No rate of today gives that.
  EXPECT_EQ(wallet.Repay("1", RefundOf("r", 500)).totals.clawed_back, 388);
}

TEST(LedgerTest, EdgeCase16_SmallOrdersKeepTheirOwnFloors) {
  Wallet wallet;
  for (int i = 0; i < 10; ++i) {
    wallet.Pay(std::to_string(i), {Line(199, MulDiv(199, 10'000, 1'000'000))});
  }
  EXPECT_EQ(wallet.points().available, 10);
  for (int i = 0; i < 10; ++i) wallet.Repay(std::to_string(i), RefundOf("r", 198));
  EXPECT_EQ(wallet.points().available, 10);
  for (int i = 0; i < 10; ++i) wallet.Repay(std::to_string(i), RefundOf("s", 1));
  EXPECT_EQ(wallet.points().available, 0);
}

TEST(LedgerTest, EdgeCase17_AnOrderWithoutPointsHasAnEntryButNoLotAndNoTransfer) {
  Wallet wallet;
  const Change paid = wallet.Pay("1", {Line(50, 0)});
  EXPECT_EQ(Story(paid), "earn +0 =0");
  EXPECT_TRUE(wallet.account.lots.empty());
  EXPECT_TRUE(wallet.journal.back().transfers.empty());
  EXPECT_EQ(wallet.journal.back().order->key.id, "1");
}

TEST(LedgerTest, EdgeCase18_ANegativeLineIsTheCallersToSpread) {
  Wallet wallet;
  EXPECT_EQ(wallet.Refused(Sale("1", {Line(1000, 10), Line(-100, 0)}, wallet.now, kNever)),
            "invalid_command");
}

TEST(LedgerTest, EdgeCase21_TheLargestAmountsAreExactAndLargerOnesRefused) {
  Wallet wallet;
  wallet.Pay("1", {Line(kAmountMax, kAmountMax)});
  EXPECT_EQ(wallet.points().available, kAmountMax);
  EXPECT_EQ(wallet.Refused(Sale("2", {Line(1, 1)}, wallet.now, kNever)), "amount_too_large");
  EXPECT_EQ(wallet.Refused(Sale("2", {Line(kAmountMax, 0), Line(1, 0)}, wallet.now, kNever)),
            "amount_too_large");
  EXPECT_EQ(wallet.Refused(Sale("2", {Line(kAmountMax, 0, 1, 1)}, wallet.now, kNever)),
            "amount_too_large");
  Adjust adjust{.asset = kPoints, .amount = 1, .funder = {}, .document = {}};
  EXPECT_EQ(wallet.Refused(adjust), "amount_too_large");
  adjust.amount = kAmountMax + 1;
  EXPECT_EQ(wallet.Refused(adjust), "amount_too_large");
  adjust.amount = INT64_MIN;
  EXPECT_EQ(wallet.Refused(adjust), "amount_too_large");
  EXPECT_EQ(wallet.Repay("1", RefundOf("a", kAmountMax / 3)).totals.clawed_back, kAmountMax / 3);
  wallet.Repay("1", RefundOf("b", kAmountMax - kAmountMax / 3));
  EXPECT_EQ(wallet.points(), Balance{});
}

TEST(LedgerTest, EdgeCase21_WhatARefundRestoresMustHaveRoom) {
  Wallet wallet;
  wallet.Give(10);
  wallet.Pay("1", {Line(0, 0, 100, 10)});
  wallet.Give(kAmountMax - 5);
  EXPECT_EQ(wallet.RefundRefused("1", RefundOf("r", 100)), "amount_too_large");
  wallet.Repay("1", RefundOf("r", 50));
}

TEST(LedgerTest, EdgeCase29_TheLedgersClockDoesNotGoBack) {
  Wallet wallet;
  wallet.Give(10, kDay);
  wallet.Wait(kDay);
  wallet.Must(Settle{});
  wallet.Wait(-30 * kDay);
  wallet.Give(5);  // Expires in a year of the clock that went back.
  ASSERT_EQ(wallet.journal.size(), 3U);
  EXPECT_EQ(wallet.journal[2].time, wallet.journal[1].time + std::chrono::microseconds(1));
  EXPECT_EQ(wallet.lot(2).activates_at, wallet.journal[1].time);
}

TEST(LedgerTest, EdgeCase29_AHoldExpiresByTheLedgersClock) {
  Wallet wallet;
  wallet.Give(10);
  wallet.PlaceHoldOf("h_1", 5, kDay);
  wallet.Wait(kDay);
  wallet.Give(1);
  wallet.Wait(-kDay);
  EXPECT_EQ(wallet.Refused(CaptureHold{.id = HoldId("h_1"), .amount = 5}), "hold_unknown");
}

TEST(LedgerTest, EdgeCase39_ALateOrderEarnsByTheLedgersTime) {
  Wallet wallet;
  wallet.Give(1);
  const Timestamp sold = wallet.now - 3 * kDay;
  EXPECT_EQ(Story(wallet.Must(Sale("1", {Line(100, 10)}, sold + kDay, sold + 30 * kDay))),
            "earn +10 =11");  // Active already.
}

TEST(LedgerTest, EdgeCase47_TheSecondTillFindsTheGiftCardEmpty) {
  Wallet card;
  const AssetId money("money:EUR");
  card.Must(Adjust{.asset = money, .amount = 5000, .funder = {}, .document = {}});
  PayOrder first = Sale("1", {Line(0, 0, 3000, 3000)}, card.now, kNever);
  first.order.asset = money;
  PayOrder second = Sale("2", {Line(0, 0, 3000, 3000)}, card.now, kNever);
  second.order.asset = money;
  card.Must(first);
  const Result<Change> refused = card.Do(second);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_EQ(refused.error().reason, "insufficient_points");
  EXPECT_EQ(card.account.balance(money).available, 2000);
}

TEST(LedgerTest, EdgeCase48_SevenPointsOverThreeUnits) {
  EXPECT_EQ(Split(7, {1, 1, 1}), (std::vector<std::int64_t>{3, 2, 2}));
  Wallet wallet;
  LineRecord line = Line(3000, 7);
  line.quantity = 3 * kUnit;
  wallet.Pay("1", {line});
  std::vector<std::int64_t> clawed;
  for (const char* id : {"a", "b", "c"}) {
    const Refund unit =
        RefundOfLine(id, {.line = 0, .group = Group::kAny, .amount = 0, .quantity = kUnit});
    clawed.push_back(wallet.Repay("1", unit).totals.clawed_back);
  }
  EXPECT_EQ(clawed, (std::vector<std::int64_t>{2, 2, 3}));  // Cumulative floors; 7 in all.
}

}  // namespace
}  // namespace passmint::ledger
