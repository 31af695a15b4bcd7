#include "ledger/claw_back.h"

#include <gtest/gtest.h>

#include "ledger/donate.h"
#include "ledger/entry_asset.h"
#include "wallet.h"

namespace passmint::ledger {
namespace {

using testing::kPoints;
using testing::Line;
using testing::Story;
using testing::Wallet;

const AssetId kStamps("stamps:coffee");

// An order that earns points and stamps side by side.
Change Buy(Wallet& wallet, const std::string& id, std::int64_t points, std::int64_t stamps) {
  PayOrder pay = testing::Sale(id, {Line(1000, points)}, wallet.now, kNever);
  pay.earnings.push_back({.asset = kStamps,
                          .amount = stamps,
                          .activates_at = wallet.now,
                          .funder = {},
                          .derivations = {}});
  Change change = wallet.Must(pay);
  wallet.orders[id] = *change.order;
  return change;
}

// A complete round is burned as an order in stamps.
void CashIn(Wallet& wallet, std::int64_t stamps) {
  PayOrder pay;
  pay.order.key = {.source = {}, .id = "cl_1"};
  pay.order.asset = kStamps;
  pay.order.lines.push_back(Line(0, 0, stamps, stamps));
  wallet.Must(pay);
}

Result<Change> Take(Wallet& wallet, const std::string& order, std::int64_t stamps) {
  auto change = ApplyClawBack(
      wallet.account,
      {.asset = kStamps,
       .amount = stamps,
       .lots = wallet.orders[order].lots,
       .document = {.type = DocumentType::kRefund, .source = {}, .id = "R-1", .parent = order}},
      wallet.context());
  if (change.ok()) wallet.Keep(change.value());
  return change;
}

TEST(ClawBackTest, TakesTheOrdersOwnStampsAndLeavesItsPoints) {
  Wallet wallet;
  Buy(wallet, "1", 50, 3);
  const auto taken = Take(wallet, "1", 2);
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ(Story(taken.value()), "claw_back -2 =1");
  EXPECT_EQ(AssetOf(taken.value().entries[0].entry), kStamps);
  EXPECT_EQ(wallet.account.balance(kStamps).available, 1);
  EXPECT_EQ(wallet.points().available, 50);
}

TEST(ClawBackTest, StampsOfARoundThatWasCashedInAreOwedAndTheNextOnesPay) {
  Wallet wallet;
  Buy(wallet, "1", 0, 4);
  Buy(wallet, "2", 0, 3);
  CashIn(wallet, 6);
  const auto taken = Take(wallet, "1", 4);
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ(wallet.account.balance(kStamps).available, 0);
  EXPECT_EQ(wallet.account.balance(kStamps).debt, 3);
  Buy(wallet, "3", 0, 5);
  EXPECT_EQ(wallet.account.balance(kStamps).available, 2);
  EXPECT_EQ(wallet.account.balance(kStamps).debt, 0);
}

TEST(ClawBackTest, NeedsTheLotsThatTheOrderMadeAndAnAmount) {
  Wallet wallet;
  Buy(wallet, "1", 0, 4);
  EXPECT_EQ(Take(wallet, "1", 0).error().reason, "invalid_command");
  wallet.orders["1"].lots.push_back(99);
  EXPECT_FALSE(Take(wallet, "1", 1).ok());
  EXPECT_EQ(NeedOf(ClawBack{.asset = kStamps, .amount = 2, .lots = {1}, .document = {}})
                .cover.at(kStamps),
            2);
}

TEST(DonateTest, BothSidesSayDonateAndWhatArrivesNeverExpires) {
  Wallet member("a_1");
  Wallet charity("c_forest");
  member.Give(150);
  const Move gift{
      .asset = kPoints,
      .amount = 100,
      .document = {.type = DocumentType::kTransfer, .source = {}, .id = "cl_1", .parent = {}}};
  const auto given = ApplyDonation(member.account, charity.account, gift, member.context());
  ASSERT_TRUE(given.ok()) << given.error().message;
  member.Keep(given.value().first);
  charity.Keep(given.value().second);
  EXPECT_EQ(Story(given.value().first) + "; " + Story(given.value().second),
            "donate -100 =50; donate +100 =100");
  EXPECT_EQ(charity.lot(1).expires_at, kNever);
  charity.Wait(std::chrono::days(4000));
  charity.Do(Settle{}).value();
  EXPECT_EQ(charity.points().available, 100);
}

}  // namespace
}  // namespace passmint::ledger
