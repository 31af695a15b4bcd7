#include "unit/google/lint_fixture.h"

#include <algorithm>

namespace passmint::google::testing {

const Finding* Find(const Findings& findings, std::string_view id, std::string_view pointer) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.id == id && finding.pointer == pointer;
  });
  return found == findings.end() ? nullptr : &*found;
}

std::string Print(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.id + " " + std::string(Name(finding.level)) + " " + finding.file + "#" +
            finding.pointer + ": " + finding.cause + " -> " + finding.cure + "\n";
  }
  return text;
}

Findings LintOf(const Json& source, const design::TemplateFiles& more) {
  const auto design = CompileSample(source, more);
  return design == nullptr ? Findings() : Lint(*design, SampleEnvironment());
}

std::ostream& operator<<(std::ostream& out, const Broken& broken) {
  return out << broken.id << " " << broken.patch;
}

TEST_P(BrokenTemplateTest, IsFoundWithRulePlaceAndCure) {
  const Broken& broken = GetParam();
  const Findings findings = LintOf(SmallTemplate(broken.vertical, broken.patch));
  const Finding* const finding = Find(findings, broken.id, broken.pointer);
  ASSERT_NE(finding, nullptr) << Print(findings);
  EXPECT_EQ(finding->level, broken.level);
  EXPECT_NE(finding->cause.find(broken.says), std::string::npos) << finding->cause;
  EXPECT_FALSE(finding->cure.empty());
}

}  // namespace passmint::google::testing
