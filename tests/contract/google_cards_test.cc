// Google's copies follow the cards.

#include <gtest/gtest.h>

#include "contract/google_stage.h"
#include "issuance/card_life.h"
#include "issuance/google_budget.h"
#include "issuance/posting.h"

namespace passmint::issuance {
namespace {

class GoogleCardsTest : public GoogleStage {
 protected:
  GoogleCardsTest() : GoogleStage("points") {}

  int PointsAtGoogle(const cards::Card& card) {
    const Json found = AtGoogle(card);
    return found.is_null() ? -1 : found["object"]["loyaltyPoints"]["balance"]["int"].get<int>();
  }

  // An id-only link is short.
  static bool Carries(const std::string& url) { return url.size() > 1000; }
};

TEST_F(GoogleCardsTest, ATapInsertsTheObjectEvenBeforeItsClassWasSent) {
  const cards::Card card = Pay(1);
  EXPECT_TRUE(AtGoogle(card).is_null());
  EXPECT_FALSE(Carries(Tap(card)));
  EXPECT_EQ(PointsAtGoogle(card), 5);
  EXPECT_FALSE(Carries(Tap(card)));
  EXPECT_EQ(AtGoogle(card)["writes"], 1);
}

TEST_F(GoogleCardsTest, WhatGoogleHasFollowsTheCardAndNothingElseIsSent) {
  Settle();  // The class.
  const cards::Card card = Pay(1);
  const cards::Card other = Pay(2);
  (void)Tap(card);
  (void)Pay(1);
  (void)Pay(1);
  (void)Pay(2);
  Settle();
  EXPECT_EQ(PointsAtGoogle(card), 15);
  EXPECT_EQ(AtGoogle(card)["writes"], 2);  // Two orders became one patch.
  EXPECT_TRUE(AtGoogle(other).is_null());
}

TEST_F(GoogleCardsTest, TwoChangesADayNotifyAndTheOthersAreSilent) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  for (int i = 0; i < 4; ++i) {
    (void)Pay(1);
    Settle();
  }
  EXPECT_EQ(PointsAtGoogle(card), 25);
  EXPECT_EQ(AtGoogle(card)["notifications"], 2);
  clock_.Advance(std::chrono::hours(25));
  (void)Pay(1);
  Settle();
  EXPECT_EQ(AtGoogle(card)["notifications"], 3);
}

TEST_F(GoogleCardsTest, TheThirdNotificationOfADayIsForPointsThatExpire) {
  programme::RuleSet& rules = site_.programmes.begin()->second.rules;
  rules.earn[0].expires = {.never = false, .after = {.months = 0, .days = 1}};
  const cards::Card card = Pay(1);
  (void)Tap(card);
  clock_.Advance(std::chrono::hours(20));
  for (int i = 0; i < 3; ++i) {
    (void)Pay(1);
    Settle();
  }
  EXPECT_EQ(NotificationsOf(card), 2);
  clock_.Advance(std::chrono::hours(20));
  ASSERT_EQ(Posting(*store_, site_).RunBatch().value().posted, 1);
  Settle();
  EXPECT_EQ(PointsAtGoogle(card), 15);
  EXPECT_EQ(NotificationsOf(card), 3);
}

TEST_F(GoogleCardsTest, InQuietHoursGoogleIsToldAndPhonesAreNot) {
  // It is 13:00 in Moscow.
  site_.programmes.begin()->second.quiet =
      calendar::QuietHours{.from = std::chrono::hours(12),
                           .to = std::chrono::hours(14),
                           .zone = calendar::TimeZone::Find("Europe/Moscow").value()};
  const cards::Card card = Pay(1);
  (void)Tap(card);
  (void)Pay(1);
  Settle();
  EXPECT_EQ(PointsAtGoogle(card), 10);
  EXPECT_EQ(NotificationsOf(card), 0);
  clock_.Advance(std::chrono::hours(1));
  (void)Pay(1);
  Settle();
  EXPECT_EQ(NotificationsOf(card), 1);
}

TEST_F(GoogleCardsTest, ABlockedCardSaysSoAndSaysWhenItWorksAgain) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  (void)Pay(1);
  Settle();
  const auto set = [&](bool blocked) {
    const Status written = store_->Write([&](Transaction& transaction) -> Status {
      const Deed deed{.reason = "lost phone"};
      const ProgrammeId& id = programme().programme.id;
      auto done = blocked ? BlockCard(transaction, id, card.number, deed, {})
                          : UnblockCard(transaction, id, card.number, deed);
      return done.ok() ? Status() : Status(done.error());
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
    Settle();
  };
  set(true);
  Json messages = AtGoogle(card)["object"]["messages"];
  ASSERT_EQ(messages.size(), 1u) << json::Dump(AtGoogle(card));
  EXPECT_EQ(messages[0]["messageType"], "TEXT_AND_NOTIFY");
  EXPECT_EQ(messages[0]["body"], "Your card is blocked. Please ask us.");
  EXPECT_EQ(messages[0]["localizedBody"]["translatedValues"][0]["value"],
            "Ваша карта заблокирована. Спросите у нас.");
  clock_.Advance(std::chrono::hours(25));
  set(false);
  messages = AtGoogle(card)["object"]["messages"];
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[1]["body"], "Your card works again.");
}

TEST_F(GoogleCardsTest, SaysWhenSomethingIsDueNext) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  Settle();
  EXPECT_FALSE(cards_->RunRound(programme()).value().next.has_value());
  Faults({{"status", 500}, {"for_ms", 60'000}});
  (void)Pay(1);
  Settle();
  const auto next = cards_->RunRound(programme()).value().next;
  ASSERT_TRUE(next.has_value());
  EXPECT_GT(*next, clock_.Now());
  EXPECT_LE(*next, clock_.Now() + std::chrono::seconds(1));
}

TEST_F(GoogleCardsTest, WhatFailedIsSentWhenGoogleIsBack) {
  std::vector<cards::Card> cards;
  for (int n = 1; n <= 7; ++n) {
    cards.push_back(Pay(n));
    (void)Tap(cards.back());
    clock_.Advance(std::chrono::seconds(1));
  }
  Faults({{"status", 500}, {"for_ms", 3'600'000}});
  for (int n = 1; n <= 7; ++n) (void)Pay(n);
  for (int minutes = 0; minutes < 70; ++minutes) {
    Settle(10);
    clock_.Advance(std::chrono::minutes(1));
  }
  Settle();
  for (const cards::Card& card : cards) EXPECT_EQ(PointsAtGoogle(card), 10);
}

TEST_F(GoogleCardsTest, AnAnswerThatIsLostIsNoHarm) {
  const cards::Card card = Pay(1);
  Faults({{"lost", true}, {"for_ms", 60'000}});
  EXPECT_TRUE(Carries(Tap(card)));  // It was inserted, but we do not know.
  clock_.Advance(std::chrono::minutes(2));
  (void)Pay(1);
  Settle();
  EXPECT_EQ(PointsAtGoogle(card), 10);
}

TEST_F(GoogleCardsTest, GoogleIsNeverAskedTooOften) {
  std::vector<cards::Card> cards;
  for (int n = 1; n <= 9; ++n) {
    cards.push_back(Pay(n));
    (void)Tap(cards.back());
  }
  for (int n = 1; n <= 9; ++n) (void)Pay(n);
  clock_.Advance(std::chrono::seconds(20));
  Settle();
  for (const cards::Card& card : cards) EXPECT_EQ(PointsAtGoogle(card), 10);
  const Json stats = Ask("GET", "/fake/stats");
  EXPECT_EQ(stats["throttled"], 0);
  EXPECT_GT(stats["batches"], 0);
  EXPECT_EQ(stats["tokens"], 1);
}

}  // namespace
}  // namespace passmint::issuance
