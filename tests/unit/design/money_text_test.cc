#include "design/money_text.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace passmint::design {
namespace {

std::string Text(std::int64_t minor, const char* code, std::string_view language) {
  const Currency currency = *Currency::Find(code);
  return MoneyText({.digits = minor, .exponent = currency.exponent()}, currency, language);
}

TEST(MoneyTextTest, IsWhatCustomersOfTheLanguageExpect) {
  EXPECT_EQ(Text(0, "RUB", "ru"), "0,00\u00A0₽");
  EXPECT_EQ(Text(123'456'789, "RUB", "ru"), "1\u00A0234\u00A0567,89\u00A0₽");
  EXPECT_EQ(Text(123'456, "USD", "en"), "$1,234.56");
  EXPECT_EQ(Text(123'456, "EUR", "de"), "1.234,56\u00A0€");
  EXPECT_EQ(Text(-50, "EUR", "en"), "-€0.50");
}

TEST(MoneyTextTest, HasAsManyDigitsAsTheCurrency) {
  EXPECT_EQ(Text(1500, "JPY", "ja").find('.'), std::string::npos);
  EXPECT_NE(Text(1500, "KWD", "en").find("1.500"), std::string::npos);
}

TEST(MoneyTextTest, WritesALanguageThatNobodyKnowsSomehow) {
  EXPECT_NE(Text(150, "RUB", "x-none").find("1.50"), std::string::npos);
}

TEST(MoneyTextTest, IsTheSameInEveryThread) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (const char* language : {"ru", "en", "de", "fr"}) {
        for (int n = 0; n < 20; ++n)
          EXPECT_NE(Text(n, "RUB", language).find("₽"), std::string::npos);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace passmint::design
