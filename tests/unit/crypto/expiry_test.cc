#include "crypto/expiry.h"

#include <gtest/gtest.h>

#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::At;

TEST(ExpiryTest, CountsWholeDaysAndGoesBelowZeroOnceOver) {
  const Timestamp end = At("2026-11-21T10:00:00Z");
  EXPECT_EQ(DaysLeft(end, At("2026-11-20T09:59:59Z")), 1);
  EXPECT_EQ(DaysLeft(end, At("2026-11-20T10:00:00Z")), 1);
  EXPECT_EQ(DaysLeft(end, At("2026-11-20T10:00:01Z")), 0);
  EXPECT_EQ(DaysLeft(end, At("2026-11-21T10:00:00Z")), 0);
  EXPECT_EQ(DaysLeft(end, At("2026-11-21T10:00:01Z")), -1);
}

TEST(ExpiryTest, WarnsAtSixtyThirtyFourteenSevenAndOneDays) {
  EXPECT_EQ(ExpiryWarning(395), std::nullopt);
  EXPECT_EQ(ExpiryWarning(61), std::nullopt);
  EXPECT_EQ(ExpiryWarning(60), 60);
  EXPECT_EQ(ExpiryWarning(31), 60);
  EXPECT_EQ(ExpiryWarning(30), 30);
  EXPECT_EQ(ExpiryWarning(14), 14);
  EXPECT_EQ(ExpiryWarning(8), 14);
  EXPECT_EQ(ExpiryWarning(7), 7);
  EXPECT_EQ(ExpiryWarning(2), 7);
  EXPECT_EQ(ExpiryWarning(1), 1);
  EXPECT_EQ(ExpiryWarning(-100), 1);
}

}  // namespace
}  // namespace passmint::crypto
