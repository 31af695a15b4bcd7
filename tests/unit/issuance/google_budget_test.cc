#include "issuance/google_budget.h"

#include <gtest/gtest.h>

namespace passmint::issuance {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

const Timestamp kNow = FromMicros(1'795'255'200'000'000);

TEST(GoogleBudgetTest, TwoChangesADayNotifyAndOneMoreThatEndsTheCard) {
  GoogleObject object;
  for (int i = 0; i < kNotificationsADay; ++i) {
    EXPECT_TRUE(MayNotify(object, false, kNow));
    object.notified.push_back(kNow);
  }
  EXPECT_FALSE(MayNotify(object, false, kNow));
  EXPECT_TRUE(MayNotify(object, true, kNow));
  object.notified.push_back(kNow);
  EXPECT_FALSE(MayNotify(object, true, kNow));
}

TEST(GoogleBudgetTest, ADayLaterThereIsRoomAgain) {
  GoogleObject object;
  object.notified = {kNow - hours(25), kNow - hours(24), kNow - hours(23)};
  EXPECT_TRUE(MayNotify(object, false, kNow));
  EXPECT_EQ(object.notified.size(), 1u);
}

TEST(GoogleBudgetTest, PausesGrowToAMinuteWithJitter) {
  EXPECT_EQ(GoogleBackOff(1, 255), milliseconds(500));
  EXPECT_EQ(GoogleBackOff(1, 0), milliseconds(250));
  EXPECT_EQ(GoogleBackOff(4, 255), milliseconds(4000));
  EXPECT_EQ(GoogleBackOff(8, 255), milliseconds(64'000));
  EXPECT_EQ(GoogleBackOff(1'000'000, 255), milliseconds(64'000));
  EXPECT_EQ(GoogleBackOff(0, 255), milliseconds(500));
}

TEST(GoogleBudgetTest, TheWorstSecondIsGooglesLimit) {
  const auto a_second = std::chrono::seconds(1) / kGooglePace.interval;
  EXPECT_LE(a_second + kGooglePace.burst, 20);
  EXPECT_LT(kReservedForClicks, kGooglePace.burst);
}

}  // namespace
}  // namespace passmint::issuance
