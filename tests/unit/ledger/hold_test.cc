#include <gtest/gtest.h>

#include "wallet.h"

namespace passmint::ledger {
namespace {

using namespace std::chrono_literals;
using testing::Line;
using testing::Story;
using testing::Wallet;

constexpr std::chrono::days kDay{1};
const HoldId kHold("h_1");

CaptureHold Capture(std::int64_t amount) { return {.id = kHold, .amount = amount}; }

TEST(HoldTest, TakesWhatExpiresFirst) {
  Wallet wallet;
  wallet.Give(10, 9 * kDay);
  wallet.Give(10, 5 * kDay);
  EXPECT_EQ(Story(wallet.PlaceHoldOf("h_1", 15)), "hold -15 =5");
  EXPECT_EQ(wallet.account.holds[0].parts,
            (std::vector<Hold::Part>{{.lot = 2, .amount = 10}, {.lot = 1, .amount = 5}}));
  EXPECT_TRUE(wallet.journal.back().transfers.empty());
}

TEST(HoldTest, ACaptureInPartReleasesTheRest) {
  Wallet wallet;
  wallet.Give(10, 5 * kDay);
  wallet.Give(10, 9 * kDay);
  wallet.PlaceHoldOf("h_1", 20);
  const Change captured = wallet.Must(Capture(12));
  EXPECT_EQ(Story(captured), "capture +8 =8");
  EXPECT_EQ(captured.totals.spent, 12);
  EXPECT_EQ(wallet.open_lots(), "2:8");
  ASSERT_EQ(captured.ended.size(), 1U);
  EXPECT_EQ(captured.ended[0].captured, 12);
  EXPECT_EQ(captured.ended[0].state, HoldState::kCaptured);
}

TEST(HoldTest, ACaptureOfNothingReleasesAll) {
  Wallet wallet;
  wallet.Give(10);
  wallet.PlaceHoldOf("h_1", 10);
  EXPECT_EQ(Story(wallet.Must(Capture(0))), "capture +10 =10");
}

TEST(HoldTest, MoreThanItHoldsIsNotCaptured) {
  Wallet wallet;
  wallet.Give(10);
  wallet.PlaceHoldOf("h_1", 5);
  EXPECT_EQ(wallet.Refused(Capture(6)), "over_capture");
  EXPECT_EQ(wallet.Refused(Capture(-1)), "invalid_command");
  EXPECT_EQ(wallet.points().held, 5);
}

TEST(HoldTest, MoreThanIsAvailableIsNotHeld) {
  Wallet wallet;
  wallet.Give(10);
  PlaceHold place{.id = kHold,
                  .asset = testing::kPoints,
                  .amount = 11,
                  .lifetime = 1h,
                  .order_source = {},
                  .order_id = {}};
  EXPECT_EQ(wallet.Refused(place), "insufficient_points");
  place.amount = kAmountMax + 1;
  EXPECT_EQ(wallet.Refused(place), "amount_too_large");
  place.amount = 0;
  EXPECT_EQ(wallet.Refused(place), "invalid_command");
  place.amount = 10;
  place.lifetime = kHoldLifetimeMax + 1us;
  EXPECT_EQ(wallet.Refused(place), "invalid_command");
  place.lifetime = kHoldLifetimeMax;
  wallet.Must(place);
}

TEST(HoldTest, ItIsCapturedAfterItsLotExpiredButNotAfterItsOwnEnd) {
  Wallet wallet;
  wallet.Give(10, 30min);
  wallet.PlaceHoldOf("h_1", 10, 1h);
  wallet.Wait(59min);
  Wallet in_time = wallet;
  EXPECT_EQ(Story(in_time.Must(Capture(4))), "capture +0 =0");
  EXPECT_EQ(in_time.lot(1).spent, 4);
  EXPECT_EQ(in_time.lot(1).expired, 6);
  wallet.Wait(1min);
  EXPECT_EQ(wallet.Refused(Capture(4)), "hold_expired");
}

TEST(HoldTest, VoidingReleasesAndWhatExpiredMeanwhileExpires) {
  Wallet wallet;
  wallet.Give(10, 30min);
  wallet.Give(10, 5 * kDay);
  wallet.PlaceHoldOf("h_1", 15, 2h);
  wallet.Wait(1h);
  EXPECT_EQ(Story(wallet.Must(VoidHold{kHold})), "void +5 =10");
  EXPECT_EQ(wallet.lot(1).expired, 10);
}

TEST(HoldTest, AnExpiredHoldGivesItsPointsBackByItself) {
  Wallet wallet;
  wallet.Give(10);
  wallet.PlaceHoldOf("h_1", 10, 1h);
  wallet.Wait(1h);
  EXPECT_EQ(Story(wallet.PlaceHoldOf("h_2", 10)), "hold_expire +10 =10, hold -10 =0");
}

TEST(HoldTest, VoidingWhatTimeEndedJustNowIsNoFailure) {
  Wallet wallet;
  wallet.Give(10);
  wallet.PlaceHoldOf("h_1", 10, 1h);
  wallet.Wait(1h);
  EXPECT_EQ(Story(wallet.Must(VoidHold{kHold})), "hold_expire +10 =10");
}

TEST(HoldTest, AHoldThatIsNotThereIsUnknown) {
  Wallet wallet;
  EXPECT_EQ(wallet.Refused(Capture(1)), "hold_unknown");
  EXPECT_EQ(wallet.Refused(VoidHold{kHold}), "hold_unknown");
}

TEST(HoldTest, AnOrderCapturesItAndReleasesTheRest) {
  Wallet wallet;
  wallet.Give(10);
  wallet.PlaceHoldOf("h_1", 10);
  EXPECT_EQ(Story(wallet.Pay("1", {Line(500, 5, 60, 6)}, 9 * kDay, kHold)),
            "capture +4 =4, earn +5 =9");
  EXPECT_EQ(wallet.orders.at("1").lines[0].allocations,
            (std::vector<Allocation>{{.lot = 1, .taken = 6, .returned = 0}}));
}

TEST(HoldTest, WhatAnOrderLeavesOfItPaysDebtBeforeWhatTheOrderEarns) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10)});
  wallet.PlaceHoldOf("h_1", 10);
  wallet.Repay("1", testing::RefundOf("r", 60));
  EXPECT_EQ(Story(wallet.Pay("2", {Line(50, 5)}, kDay, kHold)),
            "capture +10 =10, debt_offset -6 =4, earn +5 =9");
  EXPECT_EQ(wallet.open_lots(), "2:5 1:4");
}

TEST(HoldTest, AnOrderCannotBurnMoreThanItsHold) {
  Wallet wallet;
  wallet.Give(100);
  wallet.PlaceHoldOf("h_1", 10);
  PayOrder pay = testing::Sale("1", {Line(0, 0, 110, 11)}, wallet.now, kNever);
  pay.hold = kHold;
  EXPECT_EQ(wallet.Refused(pay), "over_capture");
  pay.hold = HoldId("h_2");
  EXPECT_EQ(wallet.Refused(pay), "hold_unknown");
}

}  // namespace
}  // namespace passmint::ledger
