#include <gtest/gtest.h>

#include "wallet.h"

namespace passmint::ledger {
namespace {

using testing::kPoints;
using testing::Line;
using testing::Story;
using testing::Wallet;

constexpr std::chrono::days kDay{1};

Document TransferDocument() {
  return {.type = DocumentType::kTransfer, .source = {}, .id = "t_1", .parent = {}};
}

Move MoveOf(std::int64_t amount) {
  return {.asset = kPoints, .amount = amount, .document = TransferDocument()};
}

// Both sides; the reason if it was refused.
std::string TryMove(Wallet& from, Wallet& to, std::int64_t amount) {
  const auto moved = ApplyMove(from.account, to.account, MoveOf(amount), from.context());
  if (!moved.ok()) return moved.error().reason;
  from.Keep(moved.value().first);
  to.Keep(moved.value().second);
  return Story(moved.value().first) + "; " + Story(moved.value().second);
}

std::string TryMerge(Wallet& loser, Wallet& winner) {
  const Document document{.type = DocumentType::kMerge, .source = {}, .id = "m_1", .parent = {}};
  const auto merged = ApplyMerge(loser.account, winner.account, document, loser.context());
  if (!merged.ok()) return merged.error().reason;
  loser.Keep(merged.value().first);
  winner.Keep(merged.value().second);
  return Story(merged.value().first) + "; " + Story(merged.value().second);
}

Adjust Spend(std::int64_t amount) {
  return {.asset = kPoints, .amount = -amount, .funder = {}, .document = {}};
}

TEST(MoveTest, LotsKeepExpiryActivationAndFunder) {
  Wallet from("a_1");
  Wallet to("a_2");
  from.Give(10, 5 * kDay);
  from.Give(10, 3 * kDay);
  EXPECT_EQ(TryMove(from, to, 15), "transfer_out -15 =5; transfer_in +15 =15");
  EXPECT_EQ(from.open_lots(), "1:5");
  EXPECT_EQ(to.open_lots(), "1:10 2:5");
  EXPECT_EQ(to.lot(1).expires_at, from.lot(2).expires_at);
  EXPECT_EQ(to.lot(2).activates_at, from.lot(1).activates_at);
  EXPECT_EQ(to.lot(1).document.id, "t_1");
}

TEST(MoveTest, TheEntriesCiteEachOther) {
  Wallet from("a_1");
  Wallet to("a_2");
  from.Give(10);
  from.Give(10);
  TryMove(from, to, 5);
  EXPECT_EQ(from.journal.back().peer, "a_2");
  EXPECT_EQ(from.journal.back().peer_sequence, 1);
  EXPECT_EQ(to.journal.back().peer, "a_1");
  EXPECT_EQ(to.journal.back().peer_sequence, 3);
}

TEST(MoveTest, WhatArrivesPaysDebt) {
  Wallet from("a_1");
  Wallet to("a_2");
  to.Pay("1", {Line(100, 4)});
  to.Must(Spend(4));
  to.Repay("1", testing::RefundOf("r", 100));
  from.Give(10);
  EXPECT_EQ(TryMove(from, to, 10), "transfer_out -10 =0; transfer_in +10 =10, debt_offset -4 =6");
}

TEST(MoveTest, OnlyWhatIsAvailableMovesAndOnlyToAnother) {
  Wallet from("a_1");
  Wallet to("a_2");
  from.Give(10);
  from.PlaceHoldOf("h_1", 5);
  EXPECT_EQ(TryMove(from, to, 6), "insufficient_points");
  EXPECT_EQ(TryMove(from, to, 0), "invalid_command");
  EXPECT_EQ(TryMove(from, from, 1), "invalid_command");
  EXPECT_EQ(TryMove(from, to, kAmountMax + 1), "amount_too_large");
  to.Give(kAmountMax);
  EXPECT_EQ(TryMove(from, to, 1), "amount_too_large");
}

TEST(MoveTest, WhatExpiredJustNowOnEitherClockDoesNotMove) {
  Wallet from("a_1");
  Wallet to("a_2");
  from.Give(10, kDay);
  to.Wait(2 * kDay);
  to.Give(1);
  EXPECT_EQ(TryMove(from, to, 1), "insufficient_points");
}

TEST(MergeTest, EverythingGoesToTheWinner) {
  Wallet loser("a_1");
  Wallet winner("a_2");
  winner.Give(7, 2 * kDay);
  loser.Give(10, 5 * kDay);
  loser.Give(3, kDay);
  loser.Must(Spend(3));  // Lot 2 is closed.
  loser.PlaceHoldOf("h_1", 4);
  EXPECT_EQ(TryMerge(loser, winner), "merge -6 =0; merge +6 =13");
  EXPECT_EQ(winner.open_lots(), "1:7 2:6");
  EXPECT_EQ(winner.lot(3).spent, 3);
  EXPECT_EQ(winner.account.next_lot, 4);
  EXPECT_EQ(winner.points().held, 4);
  EXPECT_EQ(winner.account.holds[0].parts[0].lot, 2);
  EXPECT_EQ(loser.points(), Balance{});
  EXPECT_TRUE(loser.account.holds.empty());
  EXPECT_EQ(loser.account.merged_into, AccountId("a_2"));
  EXPECT_EQ(loser.account.merged_offset, 1);
  winner.Must(CaptureHold{.id = HoldId("h_1"), .amount = 4});
}

TEST(MergeTest, TheLoserTakesNoCommandAnyMore) {
  Wallet loser("a_1");
  Wallet winner("a_2");
  loser.Give(1);
  TryMerge(loser, winner);
  EXPECT_EQ(loser.Refused(Settle{}), "account_merged");
  EXPECT_EQ(TryMove(winner, loser, 1), "account_merged");
  EXPECT_EQ(TryMove(loser, winner, 1), "account_merged");
  EXPECT_EQ(TryMerge(loser, winner), "account_merged");
  EXPECT_EQ(TryMerge(winner, loser), "account_merged");
  EXPECT_EQ(TryMerge(winner, winner), "invalid_command");
}

TEST(MergeTest, DebtOnEitherSideIsPaidByTheOther) {
  for (const bool winner_owes : {false, true}) {
    Wallet loser("a_1");
    Wallet winner("a_2");
    Wallet& owing = winner_owes ? winner : loser;
    (winner_owes ? loser : winner).Give(10);
    owing.Pay("1", {Line(100, 4)});
    owing.Must(Spend(4));
    owing.Repay("1", testing::RefundOf("r", 100));
    TryMerge(loser, winner);
    EXPECT_EQ(winner.points().available, 6);
    EXPECT_EQ(winner.points().debt, 0);
    EXPECT_EQ(winner.journal.back().type, EntryType::kDebtOffset);
  }
}

TEST(MergeTest, AnOrderOfTheLoserIsRefundedOnTheWinner) {
  Wallet loser("a_1");
  Wallet winner("a_2");
  winner.Give(5);
  loser.Give(10);
  loser.Pay("1", {Line(100, 8, 100, 10)});
  TryMerge(loser, winner);
  winner.orders["1"] = Follow(loser.orders.at("1"), loser.account.merged_offset);
  EXPECT_EQ(Story(winner.Repay("1", testing::RefundOf("r", 200))),
            "restore +10 =23, claw_back -8 =15");
  EXPECT_EQ(winner.open_lots(), "1:5 2:10");
}

TEST(MergeTest, GraceLotsStillSayWhereTheyCameFrom) {
  Wallet loser("a_1");
  Wallet winner("a_2");
  winner.Give(5);
  loser.Give(10, kDay);
  loser.Pay("1", {Line(0, 0, 100, 10)});
  loser.Wait(kDay);
  loser.Repay("1", testing::RefundOf("r", 100));
  ASSERT_EQ(loser.lot(2).restored_from, 1);
  TryMerge(loser, winner);
  EXPECT_EQ(winner.lot(3).restored_from, 2);
}

TEST(MergeTest, MoreThanAnAccountCanHaveIsRefused) {
  Wallet loser("a_1");
  Wallet winner("a_2");
  loser.Give(1);
  winner.Give(kAmountMax);
  EXPECT_EQ(TryMerge(loser, winner), "amount_too_large");
  EXPECT_TRUE(loser.account.merged_into.empty());
}

TEST(MergeTest, ALoserThatIsNotWhollyLoadedIsRefused) {
  Wallet loser("a_1");
  Wallet winner("a_2");
  loser.Give(1);
  loser.Give(2);
  loser.account.lots.pop_back();
  EXPECT_EQ(TryMerge(loser, winner), "ledger_invariant");
}

}  // namespace
}  // namespace passmint::ledger
