#include <gtest/gtest.h>

#include <filesystem>

#include "fixture.h"

namespace passmint::design {
namespace {

std::vector<std::string> Shipped() {
  std::vector<std::string> names;
  const std::filesystem::path folder = std::filesystem::path(PASSMINT_SOURCE_DIR) / "templates";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (std::filesystem::exists(entry.path() / "template.json")) {
      names.push_back("templates/" + entry.path().filename().string());
    }
  }
  return names;
}

TEST(OutlineTest, HasTheSlotsVariantsAndSizesOfTheWholeDesignButNoPictures) {
  for (const std::string& name : Shipped()) {
    const TemplateFiles files = test::ReadFolder(name);
    const Compiled whole = Compile(files, test::Programme());
    const Compiled outline = CompileOutline(files, test::Programme());
    ASSERT_NE(outline.design, nullptr) << name;
    ASSERT_EQ(outline.design->slots().size(), whole.design->slots().size()) << name;
    for (std::size_t i = 0; i < whole.design->slots().size(); ++i) {
      const ImageSlot& drawn = whole.design->slots()[i];
      const ImageSlot& place = outline.design->slots()[i];
      EXPECT_EQ(place.name, drawn.name);
      ASSERT_EQ(place.variants.size(), drawn.variants.size()) << name << " " << drawn.name;
      for (std::size_t v = 0; v < drawn.variants.size(); ++v) {
        ASSERT_EQ(place.variants[v].files.size(), drawn.variants[v].files.size());
        for (std::size_t f = 0; f < drawn.variants[v].files.size(); ++f) {
          EXPECT_EQ(place.variants[v].files[f].width, drawn.variants[v].files[f].width);
          EXPECT_EQ(place.variants[v].files[f].height, drawn.variants[v].files[f].height);
          EXPECT_EQ(place.variants[v].files[f].language, drawn.variants[v].files[f].language);
          EXPECT_EQ(*place.variants[v].files[f].png, "");
        }
      }
    }
  }
}

TEST(OutlineTest, DrawsTheSamePictureAsTheWholeDesignAtItsLargestScale) {
  const TemplateFiles files = test::ReadFolder("templates/stamps");
  const Compiled whole = Compile(files, test::Programme());
  for (const ImageSlot& slot : whole.design->slots()) {
    const ImageVariant& last = slot.variants.back();
    const auto drawn =
        DrawPicture(files, test::Programme(), slot.name, slot.variants.size() - 1, "en");
    ASSERT_TRUE(drawn.ok()) << slot.name;
    bool found = false;
    for (const ImageFile& file : last.files) found = found || *file.png == drawn.value();
    EXPECT_TRUE(found) << slot.name;
  }
}

TEST(OutlineTest, DrawsNothingThatIsNotThere) {
  const TemplateFiles files = test::ReadFolder("templates/points");
  EXPECT_EQ(DrawPicture(files, test::Programme(), "footer", 0, "en").error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(DrawPicture(files, test::Programme(), "logo", 99, "en").error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(DrawPicture({}, test::Programme(), "logo", 0, "en").error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace passmint::design
