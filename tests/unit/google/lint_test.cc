#include "unit/google/lint_fixture.h"

#include <algorithm>

namespace passmint::google::testing {
namespace {

class CleanTemplateTest : public ::testing::TestWithParam<Vertical> {};

TEST_P(CleanTemplateTest, LintHasNothingAgainstTheSmallestTemplate) {
  const Findings findings = LintOf(SmallTemplate(GetParam()));
  for (const Finding& finding : findings) EXPECT_EQ(finding.level, Level::kInfo) << Print(findings);
}

INSTANTIATE_TEST_SUITE_P(AllVerticals, CleanTemplateTest, ::testing::ValuesIn(kVerticals));

// design::Compile refuses these (rule T16); google::Lint does not rely on it.
TEST(LintTest, ReservedKeysInANativeBlockAreErrors) {
  const AlteredDesign design(CompileSample(SmallTemplate(kLoyalty)), [](design::Template& source) {
    source.google_class = {{"reviewStatus", "APPROVED"}, {"id", "1.x"}};
    source.google_object = {{"state", "ACTIVE"}, {"classId", "2.y"}};
  });
  const Findings findings = Lint(design, SampleEnvironment());
  EXPECT_NE(Find(findings, "G04", "/google/class/reviewStatus"), nullptr) << Print(findings);
  EXPECT_NE(Find(findings, "G02", "/google/class/id"), nullptr);
  EXPECT_NE(Find(findings, "G02", "/google/object/state"), nullptr);
  EXPECT_NE(Find(findings, "G02", "/google/object/classId"), nullptr);
}

TEST(LintTest, WithoutALogoALoyaltyClassIsRefused) {
  class NoPictures final : public design::Design {
   public:
    explicit NoPictures(std::shared_ptr<const design::Design> base) : base_(std::move(base)) {}
    const design::Template& source() const override { return base_->source(); }
    const design::ProgrammeFacts& programme() const override { return base_->programme(); }
    const std::vector<design::ImageSlot>& slots() const override { return none_; }
    const Findings& findings() const override { return base_->findings(); }
    const std::string& hash() const override { return base_->hash(); }
    design::RenderedCard Render(const design::Values& values,
                                design::CardState state) const override {
      return base_->Render(values, state);
    }

   private:
    std::shared_ptr<const design::Design> base_;
    std::vector<design::ImageSlot> none_;
  };
  const Findings findings =
      Lint(NoPictures(CompileSample(SmallTemplate(kLoyalty))), SampleEnvironment());
  const auto missing = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.id == "G01" && finding.cause.find("programLogo") != std::string::npos;
  });
  ASSERT_NE(missing, findings.end()) << Print(findings);
  EXPECT_NE(missing->cure.find("google-logo.png"), std::string::npos);
}

// Whatever stands in a native block, lint answers; it never throws.
TEST(LintTest, NativeBlocksOfAnyShapeGetAnAnswer) {
  const std::vector<std::string> values = {"null",
                                           "true",
                                           "7",
                                           R"("x")",
                                           "[]",
                                           "[[1]]",
                                           "{}",
                                           R"({"a": {"b": []}})",
                                           R"([{"id": 5}, null])"};
  const std::vector<std::string> keys = {
      "textModulesData", "linksModuleData",      "classTemplateInfo", "barcode",
      "loyaltyPoints",   "rotatingBarcode",      "validTimeInterval", "merchantLocations",
      "heroImage",       "appLinkData",          "imageModulesData",  "venue",
      "dateTime",        "valueAddedModuleData", "balanceUpdateTime"};
  const auto base = CompileSample(SmallTemplate(kLoyalty));
  for (const std::string& key : keys) {
    for (const std::string& value : values) {
      const AlteredDesign design(base, [&](design::Template& source) {
        source.google_class = {{key, Json::parse(value)}};
        source.google_object = {{key, Json::parse(value)}};
      });
      EXPECT_NO_THROW((void)Lint(design, SampleEnvironment())) << key << " = " << value;
    }
  }
}

}  // namespace
}  // namespace passmint::google::testing
