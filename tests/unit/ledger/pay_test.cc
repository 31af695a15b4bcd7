#include <gtest/gtest.h>

#include "wallet.h"

namespace passmint::ledger {
namespace {

using testing::kPoints;
using testing::Line;
using testing::Sale;
using testing::Story;
using testing::Wallet;

constexpr std::chrono::days kDay{1};

TEST(PayTest, EarnsALotThatLivesAndDiesTogether) {
  Wallet wallet;
  PayOrder pay = Sale("1", {Line(1000, 10), Line(500, 5)}, wallet.now, wallet.now + kDay);
  pay.earnings[0].amount = 9;
  pay.earnings.push_back(pay.earnings[0]);
  pay.earnings[1].amount = 6;
  pay.earnings[1].derivations = {{.rule = "double",
                                  .rule_set_version = 3,
                                  .base_minor = 1500,
                                  .ppm = 4000,
                                  .rounding = "floor",
                                  .points = 6}};
  const Change paid = wallet.Must(pay);
  EXPECT_EQ(Story(paid), "earn +15 =15");
  EXPECT_EQ(wallet.open_lots(), "1:15");
  EXPECT_EQ(paid.order->lots, std::vector<LotId>{1});
  EXPECT_EQ(paid.entries[0].entry.derivations.size(), 1U);
  EXPECT_EQ(paid.entries[0].entry.document.id, "1");
  EXPECT_EQ(paid.totals.earned, 15);
}

TEST(PayTest, AnotherExpiryActivationOrFunderIsAnotherLot) {
  Wallet wallet;
  PayOrder pay = Sale("1", {Line(1000, 4)}, wallet.now, wallet.now + 5 * kDay);
  for (int i = 0; i < 4; ++i) {
    pay.earnings.resize(static_cast<std::size_t>(i + 1), pay.earnings[0]);
    pay.earnings.back().amount = 1;
  }
  pay.earnings[1].funder = "supplier";
  pay.earnings[2].expires_at += kDay;
  pay.earnings[3].activates_at += kDay;
  const Change paid = wallet.Must(pay);
  EXPECT_EQ(wallet.open_lots(), "1:1 2:1 4:0+1 3:1");
  EXPECT_EQ(wallet.points().pending, 1);
  EXPECT_EQ(paid.entries[0].entry.transfers.size(), 3U);  // Own, supplier's, pending.
}

TEST(PayTest, BurnsBeforeItEarnsAndTheFirstLineTakesFirst) {
  Wallet wallet;
  wallet.Give(10, 9 * kDay);
  wallet.Give(10, 5 * kDay);
  const Change paid = wallet.Pay("1", {Line(100, 1, 70, 7), Line(0, 0, 80, 8)});
  EXPECT_EQ(Story(paid), "burn -15 =5, earn +1 =6");
  EXPECT_EQ(paid.order->lines[0].allocations,
            (std::vector<Allocation>{{.lot = 2, .taken = 7, .returned = 0}}));
  EXPECT_EQ(paid.order->lines[1].allocations,
            (std::vector<Allocation>{{.lot = 2, .taken = 3, .returned = 0},
                                     {.lot = 1, .taken = 5, .returned = 0}}));
}

TEST(PayTest, WhatTheOrderEarnsCannotPayForIt) {
  Wallet wallet;
  wallet.Give(5);
  EXPECT_EQ(wallet.Refused(Sale("1", {Line(1000, 10, 60, 6)}, wallet.now, kNever)),
            "insufficient_points");
  EXPECT_EQ(wallet.points().available, 5);
}

TEST(PayTest, WhatHasExpiredWhenItIsReportedPaysNoDebt) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10)});
  wallet.Must(Adjust{.asset = kPoints, .amount = -10, .funder = {}, .document = {}});
  wallet.Repay("1", testing::RefundOf("r", 100));
  EXPECT_EQ(
      Story(wallet.Must(Sale("2", {Line(100, 8)}, wallet.now - 9 * kDay, wallet.now - 2 * kDay))),
      "earn +8 =8, expire -8 =0");
  EXPECT_EQ(wallet.points().debt, 10);
}

TEST(PayTest, StampsLieBesideThePoints) {
  Wallet wallet;
  PayOrder pay = Sale("1", {Line(1000, 10)}, wallet.now, kNever);
  Earning stamp = pay.earnings[0];
  stamp.asset = AssetId("stamps:coffee");
  stamp.amount = 1;
  pay.earnings.push_back(stamp);
  wallet.Must(pay);
  EXPECT_EQ(wallet.account.balance(stamp.asset).available, 1);
  EXPECT_EQ(wallet.points().available, 10);
  wallet.Repay("1", testing::RefundOf("r", 1000));
  EXPECT_EQ(wallet.account.balance(stamp.asset).available, 1);  // The rule's own business.
}

TEST(PayTest, AGiftCardIsAnAccountWithMoney) {
  Wallet card;
  const AssetId money("money:EUR");
  card.Must(Adjust{.asset = money, .amount = 5000, .funder = {}, .document = {}});
  PayOrder pay = Sale("1", {Line(0, 0, 1999, 1999)}, card.now, kNever);
  pay.order.asset = money;
  card.Must(pay);
  EXPECT_EQ(card.account.balance(money).available, 3001);
  card.Repay("1", testing::RefundOf("r", 999));
  EXPECT_EQ(card.account.balance(money).available, 4000);
}

TEST(PayTest, AnOrderThatDoesNotAddUpIsRefused) {
  Wallet wallet;
  wallet.Give(100);
  const auto refused = [&wallet](LineRecord line, std::int64_t more_earned) {
    PayOrder pay = Sale("1", {std::move(line)}, wallet.now, kNever);
    if (!pay.earnings.empty()) pay.earnings[0].amount += more_earned;
    return wallet.Refused(pay);
  };
  EXPECT_EQ(refused(Line(100, 10), 1), "invalid_command");
  EXPECT_EQ(refused(Line(0, 10), 0), "invalid_command");         // Earned without money.
  EXPECT_EQ(refused(Line(10, 0, 0, 10), 0), "invalid_command");  // Burned for nothing.
  EXPECT_EQ(refused(Line(-1, 0), 0), "invalid_command");
  EXPECT_EQ(wallet.Refused(Sale("1", {}, wallet.now, kNever)), "invalid_command");
  LineRecord line = Line(1, 0);
  line.quantity = 0;
  EXPECT_EQ(refused(line, 0), "invalid_command");
  PayOrder late = Sale("1", {Line(100, 10)}, wallet.now, wallet.now);
  EXPECT_EQ(wallet.Refused(late), "invalid_command");
}

TEST(AdjustTest, GivesAndTakesButNeverBelowZero) {
  Wallet wallet;
  EXPECT_EQ(Story(wallet.Give(10)), "adjust +10 =10");
  Adjust adjust{.asset = kPoints, .amount = -4, .funder = {}, .document = {}};
  EXPECT_EQ(Story(wallet.Must(adjust)), "adjust -4 =6");
  adjust.amount = -7;
  EXPECT_EQ(wallet.Refused(adjust), "insufficient_points");
  adjust.amount = 0;
  EXPECT_EQ(wallet.Refused(adjust), "invalid_command");
  adjust.amount = 5;
  adjust.expires_at = wallet.now;
  EXPECT_EQ(wallet.Refused(adjust), "invalid_command");
}

TEST(AdjustTest, DebtIsWrittenOffUpToWhatThereIs) {
  Wallet wallet;
  wallet.Pay("1", {Line(100, 10)});
  wallet.Must(Adjust{.asset = kPoints, .amount = -10, .funder = {}, .document = {}});
  wallet.Repay("1", testing::RefundOf("r", 100));
  WriteOffDebt forgive{.asset = kPoints, .amount = 11, .document = {}};
  EXPECT_EQ(wallet.Refused(forgive), "insufficient_debt");
  forgive.amount = 4;
  EXPECT_EQ(Story(wallet.Must(forgive)), "debt_write_off +0 =0");
  EXPECT_EQ(wallet.points().debt, 6);
}

TEST(ApplyTest, TheNoteBelongsToTheFirstEntryOfTheCommand) {
  Wallet wallet;
  wallet.Give(10, kDay);
  wallet.Wait(kDay);
  Context context = wallet.context();
  context.note_hash = "hash";
  const Command give = Adjust{.asset = kPoints, .amount = 5, .funder = {}, .document = {}};
  const Result<Change> done = Apply(wallet.account, nullptr, give, context);
  ASSERT_TRUE(done.ok());
  ASSERT_EQ(Story(done.value()), "expire -10 =0, adjust +5 =5");
  EXPECT_EQ(done.value().entries[0].entry.note_hash, "");
  EXPECT_EQ(done.value().entries[1].entry.note_hash, "hash");
  EXPECT_EQ(done.value().entries[1].entry.actor, "till");
}

TEST(ApplyTest, LotsThatAreNotLoadedAreNotTakenForMissingPoints) {
  Wallet wallet;
  for (int i = 1; i <= 3; ++i) wallet.Give(10, i * kDay);
  Account part = wallet.account;
  part.lots.pop_back();
  const Command take20 = Adjust{.asset = kPoints, .amount = -20, .funder = {}, .document = {}};
  EXPECT_TRUE(Apply(part, nullptr, take20, wallet.context()).ok());
  const Command take21 = Adjust{.asset = kPoints, .amount = -21, .funder = {}, .document = {}};
  EXPECT_EQ(Apply(part, nullptr, take21, wallet.context()).error().reason, "lots_not_loaded");
  const Command take31 = Adjust{.asset = kPoints, .amount = -31, .funder = {}, .document = {}};
  EXPECT_EQ(Apply(part, nullptr, take31, wallet.context()).error().reason, "insufficient_points");
}

TEST(ApplyTest, AnAccountThatBreaksAnInvariantIsNotTouched) {
  Wallet wallet;
  wallet.Give(10);
  Account broken = wallet.account;
  broken.lots[0].spent = 1;
  const Result<Change> done =
      Apply(broken, nullptr, Adjust{.asset = kPoints, .amount = 5, .funder = {}, .document = {}},
            wallet.context());
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, ErrorCode::kInternal);
  EXPECT_EQ(done.error().reason, "ledger_invariant");
}

}  // namespace
}  // namespace passmint::ledger
