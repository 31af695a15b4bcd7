#include "unit/google/lint_fixture.h"

#include <algorithm>

namespace passmint::google::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Pictures, BrokenTemplateTest,
    ::testing::Values(Broken{"G07", kError, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {}}}})",
                             "/google/class/wideProgramLogo", "neither"},
                      Broken{"G07", kError, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {"privateImageId": "x",
                  "sourceUri": {"uri": "https://example.com/x.png"}}}}})",
                             "/google/class/wideProgramLogo", "both"},
                      Broken{"G07", kError, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {
                  "sourceUri": {"uri": "example.com/x.png"}}}}})",
                             "/google/class/wideProgramLogo/sourceUri/uri", "no scheme"},
                      Broken{"G23", kWarning, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {
                  "sourceUri": {"uri": "http://example.com/x.png"}}}}})",
                             "/google/class/wideProgramLogo/sourceUri/uri", "https"},
                      Broken{"G23", kWarning, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {
                  "sourceUri": {"uri": "https://example.com/x.svg"}}}}})",
                             "/google/class/wideProgramLogo/sourceUri/uri", "SVG"},
                      Broken{"G23", kWarning, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {
                  "sourceUri": {"uri": "https://example.com/x.png"}}}}})",
                             "/google/class/wideProgramLogo", "contentDescription"}));

TEST(LintTest, PicturesThatGoogleCutsOrBlursAreWarnings) {
  const Findings findings =
      LintOf(SmallTemplate(kLoyalty), {{"images/google-logo.png", FlatPng(480, 150)},
                                       {"images/google-hero.png", FlatPng(900, 300)}});
  const auto files = [&](const std::string& file) {
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
      return finding.id == "G23" && finding.file == file && finding.level == kWarning;
    });
  };
  EXPECT_TRUE(files("images/google-logo.png")) << Print(findings);
  EXPECT_TRUE(files("images/google-hero.png")) << Print(findings);
}

}  // namespace
}  // namespace passmint::google::testing
