#include <gtest/gtest.h>

#include "wallet.h"

namespace passmint::ledger {
namespace {

using namespace std::chrono_literals;
using testing::Sale;
using testing::Story;
using testing::Wallet;

constexpr std::chrono::days kDay{1};

TEST(SettleTest, PostsWhatIsDueInOrderOfTimeThenActivationThenHoldThenLot) {
  Wallet wallet;
  const Timestamp start = wallet.now;
  wallet.Give(10, 5 * kDay);                                                            // Lot 1.
  wallet.Must(Sale("1", {testing::Line(100, 7)}, start + 5 * kDay, start + 9 * kDay));  // Lot 2.
  wallet.Give(20, 8 * kDay);                                                            // Lot 3.
  wallet.PlaceHoldOf("h_1", 10, 5 * kDay);                                              // Of lot 1.
  wallet.Wait(8 * kDay);
  const Change settled = wallet.Must(Settle{});
  EXPECT_EQ(Story(settled), "activate +7 =27, hold_expire +0 =27, expire -20 =7");
  EXPECT_EQ(settled.entries[0].entry.effective_at, start + 5 * kDay);
  EXPECT_EQ(settled.entries[2].entry.effective_at, start + 8 * kDay);
  EXPECT_EQ(settled.entries[2].entry.actor, "system");
  EXPECT_EQ(wallet.lot(1).expired, 10);  // Released at its end: it never came back.
  ASSERT_EQ(settled.ended.size(), 1U);
  EXPECT_EQ(settled.ended[0].state, HoldState::kExpired);
}

TEST(SettleTest, OneInstantAndKindIsOneEntry) {
  Wallet wallet;
  wallet.Give(10, kDay);
  wallet.Give(20, kDay);
  wallet.Wait(kDay);
  const Change settled = wallet.Must(Settle{});
  ASSERT_EQ(Story(settled), "expire -30 =0");
  EXPECT_EQ(settled.entries[0].entry.lots.size(), 2U);
  EXPECT_EQ(settled.touched, (std::vector<LotId>{1, 2}));
}

// Each entry takes a microsecond of its own; the fourth lot is alive at the command's instant.
TEST(SettleTest, WhatAJobPostedDoesNotCarryALaterCommandPastWhatIsDueThen) {
  Wallet wallet;
  for (int days = 1; days <= 3; ++days) wallet.Give(10, days * kDay);
  wallet.Give(5, 3 * kDay + 2us);
  wallet.Wait(3 * kDay);
  const Change posted = wallet.Must(Settle{});
  EXPECT_EQ(Story(posted), "expire -10 =25, expire -10 =15, expire -10 =5");
  const Timestamp last = wallet.account.last_time;
  EXPECT_EQ(last, wallet.now + 2us);
  const Change taken =
      wallet.Must(Adjust{.asset = testing::kPoints, .amount = -5, .funder = {}, .document = {}});
  EXPECT_EQ(Story(taken), "adjust -5 =0");
  EXPECT_EQ(taken.entries[0].entry.effective_at, wallet.now);
  EXPECT_EQ(taken.entries[0].entry.time, last + 1us);
}

TEST(SettleTest, NothingDueChangesNothing) {
  Wallet wallet;
  wallet.Give(10);
  const Change settled = wallet.Must(Settle{});
  EXPECT_TRUE(settled.entries.empty());
  EXPECT_TRUE(settled.touched.empty());
}

TEST(SettleTest, WhatActivatesPaysDebtFirst) {
  Wallet wallet;
  wallet.Pay("1", {testing::Line(100, 10)});
  wallet.Must(Adjust{.asset = testing::kPoints, .amount = -10, .funder = {}, .document = {}});
  wallet.Must(Sale("2", {testing::Line(100, 25)}, wallet.now + kDay, kNever));
  wallet.Repay("1", testing::RefundOf("r", 100));
  EXPECT_EQ(wallet.points().debt, 10);
  wallet.Wait(kDay);
  EXPECT_EQ(Story(wallet.Must(Settle{})), "activate +25 =25, debt_offset -10 =15");
}

TEST(SettleTest, TheStateDoesNotDependOnWhenTheJobRan) {
  Wallet often;
  Wallet late;
  for (Wallet* wallet : {&often, &late}) {
    wallet->Give(10, 3 * kDay);
    wallet->Must(
        Sale("1", {testing::Line(100, 7)}, wallet->now + 2 * kDay, wallet->now + 9 * kDay));
    wallet->PlaceHoldOf("h_1", 4, 4 * kDay);
  }
  for (int day = 0; day < 10; ++day) {
    often.Wait(kDay);
    often.Must(Settle{});
    late.Wait(kDay);
    late.account.id = often.account.id;
    EXPECT_EQ(StateHash(Settled(late.account, late.now)), StateHash(often.account)) << day;
  }
}

TEST(SettleTest, ReadingSettlesWithoutPosting) {
  Wallet wallet;
  wallet.Give(10, kDay);
  const Account read = Settled(wallet.account, wallet.now + kDay);
  EXPECT_EQ(read.balance(testing::kPoints).available, 0);
  EXPECT_EQ(read.sequence, wallet.account.sequence);
  EXPECT_EQ(read.last_time, wallet.account.last_time);
  EXPECT_EQ(read.head, wallet.account.head);
}

TEST(SettleTest, TheNextDueInstantIsTheFirstOfLotsAndHolds) {
  Wallet wallet;
  const Timestamp start = wallet.now;
  EXPECT_EQ(NextDue(wallet.account), kNever);
  wallet.Give(10, 5 * kDay);
  EXPECT_EQ(NextDue(wallet.account), start + 5 * kDay);
  wallet.Must(Sale("1", {testing::Line(100, 7)}, start + 2 * kDay, start + 9 * kDay));
  EXPECT_EQ(NextDue(wallet.account), start + 2 * kDay);
  wallet.PlaceHoldOf("h_1", 10, 24h);
  EXPECT_EQ(NextDue(wallet.account), wallet.account.holds[0].expires_at);
  wallet.Wait(2 * kDay);
  wallet.Must(Settle{});
  EXPECT_EQ(NextDue(wallet.account), start + 5 * kDay);
}

TEST(SettleTest, AWhollyHeldLotIsNotDue) {
  Wallet wallet;
  wallet.Give(10, kDay);
  wallet.PlaceHoldOf("h_1", 10, 2 * kDay);
  EXPECT_EQ(NextDue(wallet.account), wallet.account.holds[0].expires_at);
  wallet.Wait(kDay);
  EXPECT_TRUE(wallet.Must(Settle{}).entries.empty());
  EXPECT_EQ(wallet.points().held, 10);
}

TEST(SettleTest, ARefusalPostsNothingNotEvenWhatIsDue) {
  Wallet wallet;
  wallet.Give(10, kDay);
  wallet.Wait(kDay);
  const Account before = wallet.account;
  EXPECT_EQ(wallet.Refused(
                Adjust{.asset = testing::kPoints, .amount = -10, .funder = {}, .document = {}}),
            "insufficient_points");
  EXPECT_EQ(wallet.account.sequence, before.sequence);
}

}  // namespace
}  // namespace passmint::ledger
