#include "simulate/balance_watch.h"

#include <gtest/gtest.h>

namespace passmint::simulate {
namespace {

TEST(BalanceWatch, IsWrongFromTheAcknowledgementUntilTheSumIsShown) {
  BalanceWatch watch;
  watch.Acknowledge(100, BalanceWatch::Clock::now());
  EXPECT_FALSE(watch.IsRight());
  watch.Show(90);
  EXPECT_FALSE(watch.IsRight());
  EXPECT_TRUE(watch.TakeLatencies().empty());
  watch.Show(100);
  EXPECT_TRUE(watch.IsRight());
  EXPECT_EQ(watch.TakeLatencies().size(), 1U);
  EXPECT_TRUE(watch.TakeLatencies().empty()) << "each is told once";
}

TEST(BalanceWatch, OfABurstTheFirstAcknowledgementCounts) {
  BalanceWatch watch;
  watch.Acknowledge(100, BalanceWatch::Clock::now());
  watch.Acknowledge(50, BalanceWatch::Clock::now());
  watch.Show(100);
  EXPECT_FALSE(watch.IsRight());
  watch.Show(150);
  EXPECT_EQ(watch.acknowledged(), 150);
  EXPECT_EQ(watch.TakeLatencies().size(), 1U);
}

TEST(BalanceWatch, WhatIsShownBeforeTheAnswerArrivesIsRightAtOnce) {
  BalanceWatch watch;
  watch.Show(100);
  watch.Acknowledge(100, BalanceWatch::Clock::now());
  EXPECT_TRUE(watch.IsRight());
  EXPECT_EQ(watch.TakeLatencies().size(), 1U);
}

TEST(BalanceWatch, TellsHowLongThePushTook) {
  BalanceWatch watch;
  const auto start = BalanceWatch::Clock::now();
  watch.Acknowledge(100, start);
  watch.Push(start + std::chrono::seconds(10));
  watch.Push(start + std::chrono::seconds(20));
  const auto late = watch.TakePushLatencies();
  ASSERT_EQ(late.size(), 1U) << "the first push is what counts";
  EXPECT_NEAR(late[0], 10'000, 1'000);
}

TEST(BalanceWatch, APushThatWasFasterThanTheAnswerTookNoTime) {
  BalanceWatch watch;
  const auto start = BalanceWatch::Clock::now();
  watch.Push(start);
  watch.Acknowledge(100, start);
  EXPECT_EQ(watch.TakePushLatencies(), std::vector<double>{0});
  watch.Show(100);
  watch.Acknowledge(50, start + std::chrono::seconds(1));
  EXPECT_TRUE(watch.TakePushLatencies().empty()) << "that push was for the order before";
}

TEST(BalanceWatch, WhatIsNoNumberIsWrong) {
  BalanceWatch watch;
  watch.Acknowledge(1, BalanceWatch::Clock::now());
  watch.Show(1);
  watch.Show(std::nullopt);
  EXPECT_FALSE(watch.IsRight());
}

}  // namespace
}  // namespace passmint::simulate
