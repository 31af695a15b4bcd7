#include "base/language.h"

#include <gtest/gtest.h>

namespace passmint {
namespace {

TEST(LanguageTest, TakesTheTagsThatBothWalletsUnderstand) {
  for (const char* tag : {"en", "ru", "fil", "pt-BR", "zh-Hans", "zh-Hant-TW"}) {
    EXPECT_TRUE(IsLanguageTag(tag)) << tag;
  }
  for (const char* tag : {"", "e", "EN", "en_US", "en-us", "en-", "zh-hans", "../en", "en-US-x"}) {
    EXPECT_FALSE(IsLanguageTag(tag)) << tag;
  }
}

TEST(LanguageTest, ChoosesTheSameTagThenTheSameLanguageThenTheFirst) {
  const std::vector<std::string> offered = {"en", "ru", "pt-BR"};
  EXPECT_EQ(ChooseLanguage(offered, "ru-RU"), "ru");
  EXPECT_EQ(ChooseLanguage(offered, "pt"), "pt-BR");
  EXPECT_EQ(ChooseLanguage(offered, "PT-br"), "pt-BR");
  EXPECT_EQ(ChooseLanguage(offered, "de"), "en");
  EXPECT_EQ(ChooseLanguage(offered, ""), "en");
}

TEST(LanguageTest, ReadsAcceptLanguageByWeight) {
  EXPECT_EQ(ParseAcceptLanguage("en;q=0.5, ru-RU, *;q=0.1, de;q=0"),
            (std::vector<std::string>{"ru-RU", "en"}));
  EXPECT_TRUE(ParseAcceptLanguage(";;;,,,q=").empty());
}

TEST(LanguageTest, LooksAtABoundedNumberOfTags) {
  std::string header;
  for (int i = 0; i < 10000; ++i) header += "en,";
  EXPECT_LE(ParseAcceptLanguage(header).size(), 16u);
}

}  // namespace
}  // namespace passmint
