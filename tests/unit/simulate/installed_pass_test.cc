#include "simulate/installed_pass.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passmint::simulate {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

InstalledPass Showing(const std::string& points, const std::string& message) {
  InstalledPass pass;
  pass.organization = "Bean & Leaf";
  pass.fields["points"] = {.label = "Points", .value = points, .change_message = message};
  return pass;
}

TEST(ReadPass, RefusesWhatIsNoBundleAsAPhoneWouldLogIt) {
  const auto pass = ReadPass("<html>404</html>", {}, "en");
  ASSERT_FALSE(pass.ok());
  EXPECT_THAT(pass.error().message, HasSubstr("Received invalid pass data"));
}

TEST(LockScreen, PutsTheNewValueIntoTheMessage) {
  EXPECT_THAT(
      LockScreenLines(Showing("1", "You have %@ points"), Showing("2", "You have %@ points")),
      ElementsAre("Bean & Leaf: You have 2 points"));
}

TEST(LockScreen, IsSilentAboutWhatDidNotChangeOrHasNoMessage) {
  EXPECT_THAT(LockScreenLines(Showing("1", "%@ points"), Showing("1", "%@ points")), IsEmpty());
  EXPECT_THAT(LockScreenLines(Showing("1", ""), Showing("2", "")), IsEmpty());
}

}  // namespace
}  // namespace passmint::simulate
