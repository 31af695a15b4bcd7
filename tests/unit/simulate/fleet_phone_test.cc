#include "simulate/fleet_phone.h"

#include <gtest/gtest.h>

#include <chrono>

#include "simulate/wake_queue.h"

namespace passmint::simulate {
namespace {

using std::chrono::seconds;

const std::vector<crypto::Certificate> kNobody;

class FleetPhoneTest : public ::testing::Test {
 protected:
  FleetPhone phone_{{.device = "d", .push_token = "ab", .language = "en", .address = "10.0.0.1"},
                    "+79000000000",
                    kNobody,
                    {.burst = 3, .rest = seconds(10)}};
};

TEST_F(FleetPhoneTest, IsNotWokenWhileItIsOfflineButKeepsThePush) {
  phone_.GoOffline();
  EXPECT_FALSE(phone_.TakePush(FleetPhone::Clock::now()));
  EXPECT_TRUE(phone_.GoOnline());
  EXPECT_FALSE(phone_.GoOnline()) << "a push is kept once";
  EXPECT_TRUE(phone_.TakePush(FleetPhone::Clock::now()));
}

TEST_F(FleetPhoneTest, CountsWhatItsBudgetHasToBear) {
  const auto start = FleetPhone::Clock::now();
  phone_.TakePush(start);
  phone_.GoOffline();
  phone_.TakePush(start);
  phone_.TakePush(start);
  EXPECT_DOUBLE_EQ(phone_.PushesSpentMost(), 3) << "those while it is offline as well";
  phone_.TakePush(start + seconds(10));
  EXPECT_DOUBLE_EQ(phone_.PushesSpentMost(), 3) << "one had rested";
  phone_.TakePush(start + seconds(15));
  EXPECT_DOUBLE_EQ(phone_.PushesSpentMost(), 3.5);
}

TEST_F(FleetPhoneTest, ALongRestIsNoCredit) {
  const auto start = FleetPhone::Clock::now();
  phone_.TakePush(start);
  phone_.TakePush(start + std::chrono::hours(1));
  phone_.TakePush(start + std::chrono::hours(1));
  EXPECT_DOUBLE_EQ(phone_.PushesSpentMost(), 2);
}

TEST_F(FleetPhoneTest, APushThatItsSenderCannotKnowOfIsNotHeldAgainstIt) {
  const auto start = FleetPhone::Clock::now();
  EXPECT_TRUE(phone_.TakePush(start, false));
  EXPECT_TRUE(phone_.TakePush(start));
  EXPECT_DOUBLE_EQ(phone_.PushesSpentMost(), 1);
}

TEST(WakeQueue, HandsOutWhoIsDueFirstAndNobodyOnceClosed) {
  WakeQueue queue;
  const auto now = std::chrono::steady_clock::now();
  queue.Add(7, now - std::chrono::seconds(1));
  queue.Add(3, now - std::chrono::seconds(2));
  EXPECT_EQ(queue.Next(), 3U);
  EXPECT_EQ(queue.Next(), 7U);
  queue.Add(9, now + std::chrono::hours(1));
  queue.Close();
  EXPECT_EQ(queue.Next(), std::nullopt);
}

}  // namespace
}  // namespace passmint::simulate
