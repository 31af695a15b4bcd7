#include "simulate/fleet_account.h"

#include <gtest/gtest.h>

namespace passmint::simulate {
namespace {

Json Object(int points) {
  return {{"id", "3388.a"},
          {"loyaltyPoints", {{"label", "Points"}, {"balance", {{"int", points}}}}}};
}

TEST(FleetAccount, ShowsWhatGoogleHolds) {
  FleetAccount account("+79010000000", "10.0.0.1");
  account.balance().Acknowledge(12, BalanceWatch::Clock::now());
  account.See(Object(7), false);
  EXPECT_FALSE(account.balance().IsRight());
  account.See(Object(12), false);
  EXPECT_TRUE(account.balance().IsRight());
  EXPECT_EQ(account.lock_screen(), "") << "silently";
  account.See(Object(13), true);
  EXPECT_EQ(account.lock_screen(), "Google Wallet: Points 13");
}

TEST(FleetAccount, AnObjectWithoutABalanceShowsNone) {
  EXPECT_EQ(PointsOf(Json()), std::nullopt);
  EXPECT_EQ(PointsOf({{"loyaltyPoints", {{"balance", {{"string", "12"}}}}}}), std::nullopt);
  EXPECT_EQ(PointsOf(Object(0)), 0);
}

}  // namespace
}  // namespace passmint::simulate
