#include "http/client_limits.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/fake_clock.h"

namespace passmint::http {
namespace {

using std::chrono::seconds;

class ClientLimitsTest : public ::testing::Test {
 protected:
  // Three at once, then one every two seconds.
  ClientLimitsTest() : limits_({.burst = 3, .interval = seconds(2)}, clock_) {}

  seconds Take(std::string_view address) { return limits_.Take(address); }

  void TakeAll(std::string_view address) {
    for (int i = 0; i < 3; ++i) ASSERT_EQ(Take(address), seconds(0));
  }

  passmint::testing::FakeClock clock_;
  ClientLimits limits_;
};

TEST_F(ClientLimitsTest, AllowsABurstAndSaysHowLongToWaitAfterIt) {
  TakeAll("192.0.2.1");
  EXPECT_EQ(Take("192.0.2.1"), seconds(2));
}

TEST_F(ClientLimitsTest, GivesATokenBackEveryInterval) {
  TakeAll("192.0.2.1");
  clock_.Advance(seconds(2));
  EXPECT_EQ(Take("192.0.2.1"), seconds(0));
  EXPECT_EQ(Take("192.0.2.1"), seconds(2));
}

TEST_F(ClientLimitsTest, NeverHoldsMoreThanTheBurst) {
  TakeAll("192.0.2.1");
  clock_.Advance(std::chrono::hours(24));
  TakeAll("192.0.2.1");
  EXPECT_EQ(Take("192.0.2.1"), seconds(2));
}

TEST_F(ClientLimitsTest, BeingRefusedCostsNothing) {
  TakeAll("192.0.2.1");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Take("192.0.2.1"), seconds(2));
  clock_.Advance(seconds(2));
  EXPECT_EQ(Take("192.0.2.1"), seconds(0));
}

TEST_F(ClientLimitsTest, RoundsTheWaitUpToWholeSeconds) {
  TakeAll("192.0.2.1");
  clock_.Advance(std::chrono::milliseconds(1500));
  EXPECT_EQ(Take("192.0.2.1"), seconds(1));
}

TEST_F(ClientLimitsTest, AskingHowLongTakesNothing) {
  EXPECT_EQ(limits_.WaitFor("192.0.2.1"), seconds(0));
  TakeAll("192.0.2.1");
  EXPECT_EQ(limits_.WaitFor("192.0.2.1"), seconds(2));
  EXPECT_EQ(limits_.WaitFor("192.0.2.2"), seconds(0));
  EXPECT_EQ(limits_.clients(), 1u);
}

TEST_F(ClientLimitsTest, ClientsDoNotShareABucket) {
  TakeAll("192.0.2.1");
  TakeAll("192.0.2.2");
}

TEST_F(ClientLimitsTest, AnIpv6ClientIsItsNetworkOf64Bits) {
  TakeAll("2001:db8:1:2::1");
  EXPECT_EQ(Take("2001:db8:1:2:ffff:ffff:ffff:ffff"), seconds(2));
  TakeAll("2001:db8:1:3::1");
}

TEST_F(ClientLimitsTest, AnIpv4AddressInsideIpv6IsTheIpv4Address) {
  TakeAll("::ffff:192.0.2.1");
  EXPECT_EQ(Take("192.0.2.1"), seconds(2));
  TakeAll("::ffff:192.0.2.2");
}

TEST_F(ClientLimitsTest, WhateverIsNoAddressSharesOneBucket) {
  TakeAll("");
  EXPECT_EQ(Take("unknown"), seconds(2));
  EXPECT_EQ(Take(std::string(100'000, '1')), seconds(2));
  EXPECT_EQ(limits_.clients(), 1u);
}

TEST_F(ClientLimitsTest, AClockThatIsSetBackLocksNobodyOut) {
  TakeAll("192.0.2.1");
  clock_.Advance(-std::chrono::hours(1));
  EXPECT_EQ(Take("192.0.2.1"), seconds(2));
  clock_.Advance(seconds(2));
  EXPECT_EQ(Take("192.0.2.1"), seconds(0));
}

TEST_F(ClientLimitsTest, ForgetsWhoWasQuietForLongestWhenThereAreTooMany) {
  ClientLimits small({.burst = 1, .interval = seconds(60)}, clock_, 2);
  EXPECT_EQ(small.Take("192.0.2.1"), seconds(0));
  EXPECT_EQ(small.Take("192.0.2.2"), seconds(0));
  EXPECT_EQ(small.Take("192.0.2.1"), seconds(60));  // Seen just now: 192.0.2.2 is the oldest.
  EXPECT_EQ(small.Take("192.0.2.3"), seconds(0));
  EXPECT_EQ(small.clients(), 2u);
  EXPECT_EQ(small.Take("192.0.2.1"), seconds(60));
  EXPECT_EQ(small.Take("192.0.2.2"), seconds(0));
}

TEST_F(ClientLimitsTest, ManyThreadsGetExactlyTheBurst) {
  ClientLimits limits({.burst = 100, .interval = seconds(1)}, clock_);
  std::atomic<int> allowed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        if (limits.Take("192.0.2.1") == seconds(0)) ++allowed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed, 100);
}

}  // namespace
}  // namespace passmint::http
