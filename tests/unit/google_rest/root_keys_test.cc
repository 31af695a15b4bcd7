#include "google_rest/root_keys.h"

#include <gtest/gtest.h>

namespace passmint::google_rest {
namespace {

using std::chrono::seconds;

TEST(RootKeysTest, AnAnswerIsFreshForItsMaxAgeLessItsAge) {
  EXPECT_EQ(FreshFor("public, max-age=3600", "600"), seconds(3000));
  EXPECT_EQ(FreshFor("max-age=3600, must-revalidate", ""), seconds(3600));
}

TEST(RootKeysTest, AnAnswerIsKeptForAMinuteToADay) {
  EXPECT_EQ(FreshFor("", ""), seconds(60));
  EXPECT_EQ(FreshFor("no-cache", "5"), seconds(60));
  EXPECT_EQ(FreshFor("max-age=10", "500"), seconds(60));
  EXPECT_EQ(FreshFor("max-age=99999999999", ""), seconds(86'400));
  EXPECT_EQ(FreshFor("max-age=-5", "-7"), seconds(60));
}

}  // namespace
}  // namespace passmint::google_rest
