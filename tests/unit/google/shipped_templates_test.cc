#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "google/lint.h"
#include "unit/google/sample_design.h"

namespace passmint::google {
namespace {

design::TemplateFiles ReadFolder(const std::filesystem::path& folder) {
  design::TemplateFiles files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[std::filesystem::relative(entry.path(), folder).generic_string()] =
        std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

TEST(ShippedTemplatesTest, GoogleTakesThemAll) {
  std::size_t templates = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(PASSMINT_SOURCE_DIR) + "/templates")) {
    if (!std::filesystem::exists(entry.path() / "template.json")) continue;
    ++templates;
    const design::Compiled compiled =
        design::Compile(ReadFolder(entry.path()),
                        {.name = "Bean & Leaf", .currency = "RUB", .time_zone = "Europe/Moscow"});
    ASSERT_NE(compiled.design, nullptr) << entry.path();
    for (const design::Finding& finding : Lint(*compiled.design, testing::SampleEnvironment())) {
      EXPECT_EQ(finding.level, design::Level::kInfo)
          << entry.path().filename() << ": " << finding.id << " " << finding.file << "#"
          << finding.pointer << ": " << finding.cause << " -> " << finding.cure;
    }
  }
  EXPECT_GE(templates, 6u);
}

}  // namespace
}  // namespace passmint::google
