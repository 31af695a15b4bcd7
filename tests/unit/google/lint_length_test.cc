#include "unit/google/lint_fixture.h"

namespace passmint::google::testing {
namespace {

TEST(LintLengthTest, TheLongestLinkIsAnErrorThatNamesTheLargestTexts) {
  const std::string long_text(700, 'x');
  const Findings findings = LintOf(SmallTemplate(
      kLoyalty,
      R"({"fields": {"back": [{"key": "story", "label": "Story", "value": "{{member.name}} )" +
          long_text + R"("}]}})"));
  const Finding* const finding = Find(findings, "G18", "/fields/back/0");
  ASSERT_NE(finding, nullptr) << Print(findings);
  EXPECT_EQ(finding->level, kError);
  EXPECT_NE(finding->cure.find("/fields/back/0 ("), std::string::npos) << finding->cure;
  EXPECT_NE(finding->cure.find("Save "), std::string::npos);
}

TEST(LintLengthTest, ALinkThatFitsInOneLanguageOnlyIsARemark) {
  const Findings findings = LintOf(SmallTemplate(kGeneric));
  const Finding* const finding = Find(findings, "G18", "/fields/secondary/0");
  ASSERT_NE(finding, nullptr) << Print(findings);
  EXPECT_EQ(finding->level, Level::kInfo);
  EXPECT_NE(finding->cause.find("the member's language"), std::string::npos);
}

TEST(LintLengthTest, TheLengthIsThatOfTheRealAccountAndClass) {
  const auto design = CompileSample(SmallTemplate(
      kLoyalty, R"({"fields": {"back": [{"key": "story", "value": "{{card.number}} )" +
                    std::string(360, 'x') + R"("}]}})"));
  Environment environment = SampleEnvironment();
  environment.service_account_email = "a@b.iam.gserviceaccount.com";
  environment.class_id = MakeClassId(environment.issuer, "a.b");
  EXPECT_FALSE(design::HasErrors(Lint(*design, environment)));
  environment.service_account_email = std::string(400, 'a');
  EXPECT_TRUE(design::HasErrors(Lint(*design, environment)));
}

TEST(LintLengthTest, ALongTextThatNoCardChangesIsNotPartOfTheLink) {
  const Findings findings = LintOf(SmallTemplate(
      kLoyalty, R"({"fields": {"back": [{"key": "story", "label": "Story", "value": ")" +
                    std::string(480, 'x') + R"("}]}})"));
  EXPECT_TRUE(findings.empty()) << Print(findings);
}

}  // namespace
}  // namespace passmint::google::testing
