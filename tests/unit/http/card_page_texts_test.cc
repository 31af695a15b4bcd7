#include <gtest/gtest.h>

#include "http/pages/texts.h"

namespace passmint::http::pages {
namespace {

struct Wishes {
  std::string asked = {};
  std::string accept = {};
  std::string locale = {};
  std::vector<std::string> programme = {};
};

std::string_view Chosen(const Wishes& wishes) {
  return ChooseTexts(wishes.asked, wishes.accept, wishes.locale, wishes.programme).language;
}

TEST(PageLanguageTest, FollowsAcceptLanguageBeforeTheMembersLocale) {
  EXPECT_EQ(Chosen({.accept = "en-GB,en;q=0.9", .locale = "ru", .programme = {"ru"}}), "en");
  EXPECT_EQ(Chosen({.accept = "ru-RU,ru;q=0.9,en;q=0.8", .locale = "en", .programme = {}}), "ru");
}

TEST(PageLanguageTest, TakesTheBestThatWeHaveOfAcceptLanguage) {
  EXPECT_EQ(Chosen({.accept = "de, ru;q=0.3, en;q=0.7", .programme = {"ru"}}), "en");
  EXPECT_EQ(Chosen({.accept = "uk, ru;q=0.5", .programme = {"en"}}), "ru");
}

TEST(PageLanguageTest, TakesTheMembersLocaleIfAcceptLanguageNamesNoneOfOurs) {
  EXPECT_EQ(Chosen({.accept = "de-DE,de", .locale = "ru-RU", .programme = {"en"}}), "ru");
  EXPECT_EQ(Chosen({.accept = "*", .locale = "ru", .programme = {"en"}}), "ru");
}

TEST(PageLanguageTest, TakesTheProgrammesFirstLanguageIfNothingElseSays) {
  EXPECT_EQ(Chosen({.programme = {"ru", "en"}}), "ru");
  EXPECT_EQ(Chosen({.programme = {"de", "ru"}}), "en");
  EXPECT_EQ(Chosen({.programme = {}}), "en");
}

TEST(PageLanguageTest, WhatTheCustomerChoseWins) {
  EXPECT_EQ(Chosen({.asked = "ru", .accept = "en", .locale = "en", .programme = {"en"}}), "ru");
  EXPECT_EQ(Chosen({.asked = "<script>", .accept = "ru", .programme = {}}), "ru");
}

TEST(PageLanguageTest, TheCardMaySpeakALanguageThatThePageDoesNot) {
  const std::vector<std::string> offered = {"en", "ar", "pt-BR"};
  EXPECT_EQ(ChooseCardLanguage(offered, "", "ar-EG, en;q=0.5", ""), 1u);
  EXPECT_EQ(ChooseCardLanguage(offered, "", "pt-PT", ""), 2u);
  EXPECT_EQ(ChooseCardLanguage(offered, "", "fr", "ar"), 1u);
  EXPECT_EQ(ChooseCardLanguage(offered, "", "fr", ""), 0u);
}

TEST(FillTest, PutsTheWordWhereThePatternSaysAndReadsNothingIntoIt) {
  EXPECT_EQ(Fill("Hello {}, and bye", "{}"), "Hello {}, and bye");
  EXPECT_EQ(Fill("nothing", "x"), "nothing");
}

}  // namespace
}  // namespace passmint::http::pages
