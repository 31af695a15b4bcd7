#include "simulate/fleet_phone.h"

#include <gtest/gtest.h>

#include <chrono>

#include "simulate/wake_queue.h"

namespace passmint::simulate {
namespace {

const std::vector<crypto::Certificate> kNobody;

class FleetPhoneTest : public ::testing::Test {
 protected:
  FleetPhone phone_{{.device = "d", .push_token = "ab", .language = "en", .address = "10.0.0.1"},
                    "+79000000000",
                    kNobody};
};

TEST_F(FleetPhoneTest, IsWrongFromTheAcknowledgementUntilItShowsTheSum) {
  phone_.Acknowledge(100);
  EXPECT_FALSE(phone_.IsRight());
  EXPECT_EQ(phone_.acknowledged(), 100);
  EXPECT_TRUE(phone_.TakeLatencies().empty());
}

TEST_F(FleetPhoneTest, IsNotWokenWhileItIsOfflineButKeepsThePush) {
  phone_.GoOffline();
  EXPECT_FALSE(phone_.TakePush());
  EXPECT_TRUE(phone_.GoOnline());
  EXPECT_FALSE(phone_.GoOnline()) << "a push is kept once";
  EXPECT_TRUE(phone_.TakePush());
}

TEST_F(FleetPhoneTest, CountsEveryPushOfTheWindowAlsoThoseWhileOffline) {
  phone_.TakePush();
  phone_.GoOffline();
  phone_.TakePush();
  phone_.TakePush();
  EXPECT_EQ(phone_.PushesWithin(std::chrono::hours(1)), 3);
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
