#include <gtest/gtest.h>

#include "unit/ledger/wallet.h"

namespace passmint::ledger {
namespace {

using std::chrono::days;
using testing::kPoints;
using testing::Line;
using testing::RefundOf;
using testing::Story;
using testing::Wallet;

const Document kOld{.type = DocumentType::kImport, .source = {}, .id = "old-17", .parent = {}};

Import PointsOf(std::vector<Earning> lots) {
  return {.lots = std::move(lots), .order = {}, .document = kOld};
}

Earning Lasting(std::int64_t amount, Timestamp from, Timestamp to = kNever) {
  return {.asset = kPoints,
          .amount = amount,
          .activates_at = from,
          .expires_at = to,
          .funder = {},
          .derivations = {}};
}

Import OrderOf(std::vector<LineRecord> lines) {
  const Document document{.type = DocumentType::kOrder, .source = "old", .id = "7", .parent = {}};
  return {.lots = {},
          .order = OrderRecord{.key = {"old", "7"},
                               .asset = kPoints,
                               .lines = std::move(lines),
                               .grants = {},
                               .lots = {}},
          .document = document};
}

TEST(ImportTest, Edge30_PointsKeepTheirBeginningAndTheirEnd) {
  Wallet wallet;
  const Timestamp begun = wallet.now - days(100);
  const Change change =
      wallet.Must(PointsOf({Lasting(70, begun, wallet.now + days(10)), Lasting(5, begun),
                            Lasting(30, wallet.now + days(1), wallet.now + days(20))}));
  EXPECT_EQ(Story(change), "import +75 =75");
  EXPECT_EQ(change.entries[0].entry.document, kOld);
  EXPECT_EQ(wallet.points(), (Balance{.pending = 30, .available = 75, .held = 0, .debt = 0}));
  EXPECT_EQ(wallet.lot(1).activates_at, begun);
  wallet.Wait(days(10));
  EXPECT_EQ(Story(wallet.Must(Settle{})), "activate +30 =105, expire -70 =35");
}

TEST(ImportTest, WhatLivesAndDiesTogetherIsOneLot) {
  Wallet wallet;
  wallet.Must(PointsOf({Lasting(2, wallet.now), Lasting(3, wallet.now)}));
  EXPECT_EQ(wallet.open_lots(), "1:5");
}

TEST(ImportTest, PaysWhatIsOwed) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10)});
  wallet.Must(
      Adjust{.asset = kPoints, .amount = -10, .expires_at = kNever, .funder = {}, .document = {}});
  wallet.Repay("1", RefundOf("r", 100));
  ASSERT_EQ(wallet.points().debt, 10);
  EXPECT_EQ(Story(wallet.Must(PointsOf({Lasting(25, wallet.now)}))),
            "import +25 =25, debt_offset -10 =15");
}

TEST(ImportTest, RefusesWhatIsOverOrNothing) {
  Wallet wallet;
  const Timestamp begun = wallet.now - days(2);
  EXPECT_EQ(wallet.Refused(PointsOf({Lasting(1, begun, wallet.now)})), "invalid_command");
  EXPECT_EQ(wallet.Refused(PointsOf({Lasting(0, begun)})), "invalid_command");
  EXPECT_EQ(wallet.Refused(PointsOf({})), "invalid_command");
  EXPECT_EQ(wallet.Refused(PointsOf({Lasting(kAmountMax, begun), Lasting(1, begun)})),
            "amount_too_large");
  Import both = OrderOf({Line(1, 0)});
  both.lots.push_back(Lasting(1, begun));
  EXPECT_EQ(wallet.Refused(both), "invalid_command");
  EXPECT_TRUE(wallet.journal.empty());
}

TEST(ImportTest, Edge30_AnOldOrderMovesNothingAndIsRefundedByWhatItsLinesSay) {
  Wallet wallet;
  wallet.Must(PointsOf({Lasting(50, wallet.now)}));
  const Change change = wallet.Must(OrderOf({Line(1000, 40, 300, 30)}));
  EXPECT_EQ(Story(change), "import +0 =50");
  ASSERT_TRUE(change.order.has_value());
  wallet.orders["7"] = *change.order;
  // Half of the money, then the rest with what the points paid.
  EXPECT_EQ(Story(wallet.Repay("7", RefundOf("r1", 500))), "claw_back -20 =30");
  EXPECT_EQ(wallet.Repay("7", RefundOf("r2", 800)).totals.restored, 30);
  EXPECT_EQ(wallet.points().available, 40);
  EXPECT_EQ(wallet.RefundRefused("7", RefundOf("r3", 1)), "over_refund");
}

}  // namespace
}  // namespace passmint::ledger
