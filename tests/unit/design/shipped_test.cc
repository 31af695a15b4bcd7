#include <gtest/gtest.h>

#include <filesystem>

#include "fixture.h"

namespace passmint::design {
namespace {

TEST(ShippedTemplatesTest, HaveNoFindings) {
  const std::filesystem::path folder = std::filesystem::path(PASSMINT_SOURCE_DIR) / "templates";
  std::size_t templates = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!std::filesystem::exists(entry.path() / "template.json")) continue;
    const std::string name = "templates/" + entry.path().filename().string();
    EXPECT_EQ(test::Describe(LintFiles(test::ReadFolder(name), test::Programme())), "") << name;
    ++templates;
  }
  EXPECT_GE(templates, 6u);
}

}  // namespace
}  // namespace passmint::design
