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

const Document kBirthday{
    .type = DocumentType::kOccasion, .source = {}, .id = "birthday", .parent = "2026"};

GrantPoints GrantOf(std::int64_t points, Timestamp from, Timestamp to = kNever) {
  return {.earnings = {{.asset = kPoints,
                        .amount = points,
                        .activates_at = from,
                        .expires_at = to,
                        .funder = "own",
                        .derivations = {{.rule = "birthday",
                                         .rule_set_version = 3,
                                         .base_minor = 0,
                                         .ppm = 0,
                                         .rounding = "floor",
                                         .points = points}}}},
          .document = kBirthday};
}

TEST(GrantTest, GivesPointsThatSayWhichRuleGaveThem) {
  Wallet wallet;
  const Change change = wallet.Must(GrantOf(300, wallet.now, wallet.now + days(14)));
  EXPECT_EQ(Story(change), "earn +300 =300");
  const Entry& entry = change.entries[0].entry;
  EXPECT_EQ(entry.document, kBirthday);
  ASSERT_EQ(entry.derivations.size(), 1U);
  EXPECT_EQ(entry.derivations[0].rule, "birthday");
  EXPECT_EQ(entry.derivations[0].rule_set_version, 3);
  EXPECT_EQ(change.totals.earned, 300);
  wallet.Wait(days(14));
  EXPECT_EQ(Story(wallet.Must(Settle{})), "expire -300 =0");
}

TEST(GrantTest, WaitsForItsActivation) {
  Wallet wallet;
  EXPECT_EQ(Story(wallet.Must(GrantOf(40, wallet.now + days(3)))), "earn +0 =0");
  EXPECT_EQ(wallet.points().pending, 40);
  wallet.Wait(days(3));
  EXPECT_EQ(Story(wallet.Must(Settle{})), "activate +40 =40");
}

TEST(GrantTest, PaysWhatIsOwed) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10)});
  wallet.Must(
      Adjust{.asset = kPoints, .amount = -10, .expires_at = kNever, .funder = {}, .document = {}});
  wallet.Repay("1", RefundOf("r", 100));
  ASSERT_EQ(wallet.points().debt, 10);
  EXPECT_EQ(Story(wallet.Must(GrantOf(25, wallet.now))), "earn +25 =25, debt_offset -10 =15");
}

TEST(GrantTest, RefusesWhatIsNoGrant) {
  Wallet wallet;
  EXPECT_EQ(wallet.Refused(GrantPoints{.earnings = {}, .document = kBirthday}), "invalid_command");
  EXPECT_EQ(wallet.Refused(GrantOf(0, wallet.now)), "invalid_command");
  EXPECT_EQ(wallet.Refused(GrantOf(kAmountMax + 1, wallet.now)), "amount_too_large");
  GrantPoints two = GrantOf(5, wallet.now);
  two.earnings.push_back(two.earnings[0]);
  two.earnings[1].asset = AssetId("stamps");
  EXPECT_EQ(wallet.Refused(two), "invalid_command");
}

}  // namespace
}  // namespace passmint::ledger
