#include "design/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace passmint::design {
namespace {

const std::string kBefore =
    R"({"colors": {"background": "#111111"}, "logo_text": "@name", "fields": {
        "header": [{"key": "points", "label": "P", "value": "{{points.available}}"}],
        "back": [{"key": "old", "value": "x"}]}})";

std::vector<Change> CompareMain(const std::string& after) {
  return Compare({{"template.json", kBefore}}, {{"template.json", after}});
}

TEST(ComparisonTest, FindsNothingWhereOnlyTheSpellingDiffers) {
  EXPECT_TRUE(CompareMain(" " + kBefore + "\n").empty());
}

TEST(ComparisonTest, NamesAColourWithBothItsValues) {
  std::string after = kBefore;
  after.replace(after.find("#111111"), 7, "#222222");
  EXPECT_EQ(CompareMain(after),
            (std::vector<Change>{{Subject::kColor, "background", "#111111", "#222222"}}));
}

TEST(ComparisonTest, KnowsAFieldByItsKeyWhereverItStands) {
  const auto changes = CompareMain(
      R"({"colors": {"background": "#111111"}, "logo_text": "@name", "fields": {
          "primary": [{"key": "points", "label": "Points", "value": "{{points.available}}"}],
          "back": [{"key": "new", "value": "y"}]}})");
  EXPECT_EQ(changes,
            (std::vector<Change>{{Subject::kField, "old", "old", ""},
                                 {Subject::kField, "new", "", "y"},
                                 {Subject::kField, "points: label", "P", "Points"},
                                 {Subject::kField, "points: place", "header 1", "primary 1"}}));
}

TEST(ComparisonTest, ListsTranslationsPicturesAndOtherFiles) {
  const TemplateFiles before = {{"template.json", "{}"},
                                {"locales/ru.json", R"({"a": "1", "b": "2"})"},
                                {"images/logo.png", "old"},
                                {"NOTES.txt", "n"}};
  const TemplateFiles after = {{"template.json", "{}"},
                               {"locales/ru.json", R"({"a": "1", "b": "3"})"},
                               {"images/logo.png", "new"}};
  const auto changes = Compare(before, after);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0], (Change{Subject::kTranslation, "ru: b", "2", "3"}));
  EXPECT_EQ(changes[1].subject, Subject::kPicture);
  EXPECT_EQ(changes[1].name, "logo.png");
  EXPECT_EQ(changes[2].name, "NOTES.txt");
  EXPECT_EQ(changes[2].after, "");
}

TEST(ComparisonTest, ComparesAsBytesWhatIsNoJson) {
  EXPECT_EQ(CompareMain("{ broken").size(), 1u);
  EXPECT_TRUE(Compare({}, {}).empty());
}

TEST(ComparisonTest, CutsLongTextsBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "я";
  const auto changes = Compare({{"template.json", "{}"}},
                               {{"template.json", R"({"description": ")" + text + R"("})"}});
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_LE(changes[0].after.size(), kChangeTextMax + 3);
  EXPECT_TRUE(changes[0].after.ends_with("я…"));
}

}  // namespace
}  // namespace passmint::design
