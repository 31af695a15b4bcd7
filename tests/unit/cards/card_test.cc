#include "cards/card.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace passmint::cards {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Timestamp kNow = FromMicros(1'795'255'200'250'000);  // A quarter past a whole second.

Card ActiveCard() {
  Card card;
  card.id = "0193500000007000a000000000000001";
  card.number = CardNumber("9000000000000001");
  card.changed_at = FromMicros(1'795'255'100'000'000);
  card.created_at = card.changed_at;
  return card;
}

TEST(CardTest, StatusesAreStoredUnderTheirNames) {
  for (const CardStatus status :
       {CardStatus::kPending, CardStatus::kActive, CardStatus::kBlocked, CardStatus::kClosed}) {
    EXPECT_EQ(CardStatusFrom(ToText(status)), status);
  }
  EXPECT_EQ(CardStatusFrom("Active"), std::nullopt);
}

TEST(CardTest, D9ABlockTakesAReason) {
  const auto blocked = Block(ActiveCard(), "", std::nullopt, kNow);
  ASSERT_FALSE(blocked.ok());
  EXPECT_EQ(blocked.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(blocked.error().problems.at(0).pointer, "/reason");
}

TEST(CardTest, D9ABlockIsANewRevision) {
  const Card card = Block(ActiveCard(), "lost", std::nullopt, kNow).value();
  EXPECT_EQ(card.status, CardStatus::kBlocked);
  EXPECT_EQ(card.status_reason, "lost");
  EXPECT_EQ(card.revision, 2);
  EXPECT_EQ(EffectiveStatus(card, kNow + hours(24 * 365)), CardStatus::kBlocked);
}

TEST(CardTest, D10ATemporaryBlockLiftsItselfAtItsEnd) {
  const Timestamp until = kNow + hours(1);
  const Card card = Block(ActiveCard(), "check", until, kNow).value();
  EXPECT_EQ(EffectiveStatus(card, until - milliseconds(1)), CardStatus::kBlocked);
  EXPECT_EQ(EffectiveStatus(card, until), CardStatus::kActive);
}

TEST(CardTest, D10ATemporaryBlockEndsInTheFuture) {
  const auto blocked = Block(ActiveCard(), "check", kNow, kNow);
  ASSERT_FALSE(blocked.ok());
  EXPECT_EQ(blocked.error().problems.at(0).pointer, "/until");
}

TEST(CardTest, D10ABlockedCardCanBeUnblocked) {
  const Card blocked = Block(ActiveCard(), "lost", kNow + hours(1), kNow).value();
  const Card card = Unblock(blocked, "found", kNow).value();
  EXPECT_EQ(card.status, CardStatus::kActive);
  EXPECT_EQ(card.blocked_until, std::nullopt);
  EXPECT_EQ(card.revision, 3);
}

TEST(CardTest, UnblockingAnActiveCardChangesNothing) {
  const Card card = Unblock(ActiveCard(), "by mistake", kNow).value();
  EXPECT_EQ(card.revision, 1);
  EXPECT_EQ(card.changed_at, ActiveCard().changed_at);
  EXPECT_EQ(card.status_reason, "");
}

TEST(CardTest, ABlockCanBeMadeLonger) {
  const Card once = Block(ActiveCard(), "lost", kNow + hours(1), kNow).value();
  const Card twice = Block(once, "stolen", std::nullopt, kNow).value();
  EXPECT_EQ(twice.blocked_until, std::nullopt);
  EXPECT_EQ(twice.status_reason, "stolen");
}

TEST(CardTest, B23APendingCardIsPaidForOrClosedAndNothingElse) {
  Card card = ActiveCard();
  card.status = CardStatus::kPending;
  EXPECT_EQ(EffectiveStatus(card, kNow + hours(24 * 365)), CardStatus::kPending);
  EXPECT_EQ(Block(card, "lost", std::nullopt, kNow).error().reason, "card_pending");
  EXPECT_EQ(Unblock(card, "found", kNow).error().reason, "card_pending");
  EXPECT_EQ(Replace(card, CardNumber("1"), kNow).error().reason, "card_pending");
  EXPECT_EQ(Close(card, "never paid", kNow).value().status, CardStatus::kClosed);
  const Card paid = Activate(card, kNow).value();
  EXPECT_EQ(paid.status, CardStatus::kActive);
  EXPECT_EQ(paid.revision, card.revision + 1);
  EXPECT_EQ(Activate(paid, kNow).value().revision, paid.revision) << "it is paid for once";
}

TEST(CardTest, D14AClosedCardStaysClosed) {
  const Card closed = Close(ActiveCard(), "asked for", kNow).value();
  EXPECT_EQ(closed.status, CardStatus::kClosed);
  const std::array<Result<Card>, 4> refused = {
      Block(closed, "x", std::nullopt, kNow), Unblock(closed, "x", kNow), Close(closed, "x", kNow),
      Replace(closed, CardNumber("9000000000000019"), kNow)};
  for (const auto& result : refused) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kConflict);
    EXPECT_EQ(result.error().reason, "card_closed");
  }
}

TEST(CardTest, D14ClosingABlockedCardDropsTheEndOfTheBlock) {
  const Card blocked = Block(ActiveCard(), "lost", kNow + hours(1), kNow).value();
  const Card closed = Close(blocked, "asked for", kNow).value();
  EXPECT_EQ(EffectiveStatus(closed, kNow + hours(2)), CardStatus::kClosed);
}

TEST(CardTest, B25AReplacedCardKeepsEverythingButItsNumber) {
  Card before = ActiveCard();
  before.serial = SerialNumber("serial");
  before.link_token = LinkToken("link");
  before.google_suffix = "suffix";
  const Card after = Replace(before, CardNumber("9000000000000019"), kNow).value();
  EXPECT_EQ(after.number, CardNumber("9000000000000019"));
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.serial, before.serial);
  EXPECT_EQ(after.link_token, before.link_token);
  EXPECT_EQ(after.google_suffix, before.google_suffix);
  EXPECT_EQ(after.revision, 2);
}

TEST(CardTest, B25ReplacingABlockedCardIsNoWayAroundTheBlock) {
  const Card blocked = Block(ActiveCard(), "lost", std::nullopt, kNow).value();
  const Card replaced = Replace(blocked, CardNumber("9000000000000019"), kNow).value();
  EXPECT_EQ(replaced.status, CardStatus::kBlocked);
}

TEST(CardTest, ChangesOfOneSecondGetSecondsOfTheirOwn) {
  const Card once = Touch(ActiveCard(), kNow);
  EXPECT_EQ(once.changed_at, FromMicros(1'795'255'200'000'000));
  const Card twice = Touch(once, kNow);
  EXPECT_EQ(twice.changed_at, once.changed_at + seconds(1));
  const Card thrice = Touch(twice, kNow);
  EXPECT_EQ(thrice.changed_at, once.changed_at + seconds(2));
  EXPECT_EQ(thrice.revision, 4);
}

TEST(CardTest, AClockThatGoesBackDoesNotTakeAChangeBack) {
  const Card once = Touch(ActiveCard(), kNow);
  const Card twice = Touch(once, kNow - hours(1));
  EXPECT_EQ(twice.changed_at, once.changed_at + seconds(1));
}

TEST(CardTest, RingsAreEvenAndFixedForEver) {
  std::array<int, 10> tenths{};
  Card card;
  for (int i = 0; i < 10000; ++i) {
    card.id = "0193500000007000a" + std::to_string(100000000000000 + i);
    const int ring = RingOf(card);
    ASSERT_GE(ring, 0);
    ASSERT_LT(ring, 100);
    ++tenths[static_cast<std::size_t>(ring / 10)];
  }
  for (const int count : tenths) EXPECT_NEAR(count, 1000, 150);
  card.id = "foobar";
  // FNV-1a of "foobar" is 0x85944171f73967e8 (the reference's own test vector).
  EXPECT_EQ(RingOf(card), static_cast<int>(0x85944171f73967e8u % 100));
}

}  // namespace
}  // namespace passmint::cards
