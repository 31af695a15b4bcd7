#include "cards/contact.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace passmint::cards {
namespace {

std::string Phone(std::string_view text, std::string_view region = "RU") {
  const auto phone = NormalisePhone(text, region);
  return phone.ok() ? phone.value() : "refused: " + phone.error().message;
}

bool IsRefused(const Result<std::string>& result) {
  return !result.ok() && result.error().code == ErrorCode::kInvalidArgument &&
         result.error().problems.size() == 1;
}

TEST(PhoneTest, B31Ledger35SpellingsOfOneRussianNumberAreOneNumber) {
  for (const char* spelling :
       {"8 (921) 000-00-00", "+79210000000", "+7 921 000 00 00", "89210000000", "79210000000",
        "9210000000", " +7(921)000-00-00 ", "8-921-000-00-00",
        "8\u00a0921\u00a0000\u00a000\u00a000", "8 (921) 000‑00‑00"}) {
    EXPECT_EQ(Phone(spelling), "+79210000000") << spelling;
  }
}

TEST(PhoneTest, NumbersWithoutPlusAreReadInTheRegion) {
  EXPECT_EQ(Phone("8 (701) 123-45-67", "KZ"), "+77011234567");
  EXPECT_EQ(Phone("030 901820", "DE"), "+4930901820");
  EXPECT_EQ(Phone("+49 30 901820", "RU"), "+4930901820");
  EXPECT_EQ(Phone("(415) 555-0132", "US"), "+14155550132");
}

TEST(PhoneTest, RefusesWhatIsNoPhoneNumber) {
  for (const char* text :
       {"", "   ", "+", "112", "12", "hello", "+7921", "+79210000000000000", "0", "++79210000000x",
        "anna@example.com", "1-800-FLOWERS", "+7 921 000 00 00 ext. 5", "call +79210000000",
        "+99999999999999", "\xff\xfe", "+0 000 000 00 00"}) {
    EXPECT_TRUE(IsRefused(NormalisePhone(text, "RU"))) << text << " -> " << Phone(text);
  }
  EXPECT_TRUE(IsRefused(NormalisePhone(std::string(100'000, '7'), "RU")));
}

// What was made of a text is remembered: of this text in this region, and of no other.
TEST(PhoneTest, ANumberThatComesAgainIsReadInItsOwnRegion) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(Phone("8 (701) 123-45-67", "KZ"), "+77011234567");
    EXPECT_EQ(Phone("(415) 555-0132", "US"), "+14155550132");
    EXPECT_TRUE(IsRefused(NormalisePhone("(415) 555-0132", "")));
  }
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  std::atomic<int> wrong{0};
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&wrong] {
      for (int n = 0; n < 2'000; ++n) {
        const std::string digits = std::to_string(9'210'000'000 + n % 700);
        if (Phone("8" + digits) != "+7" + digits) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(PhoneTest, AnUnknownRegionReadsOnlyNumbersWithPlus) {
  EXPECT_EQ(Phone("+79210000000", "XX"), "+79210000000");
  EXPECT_TRUE(IsRefused(NormalisePhone("89210000000", "XX")));
  EXPECT_TRUE(IsRefused(NormalisePhone("89210000000", "")));
}

TEST(EmailTest, SpellingsOfOneAddressAreOneAddress) {
  for (const char* spelling : {"anna@example.com", "Anna@Example.COM", "  anna@example.com\n"}) {
    EXPECT_EQ(NormaliseEmail(spelling).value(), "anna@example.com") << spelling;
  }
  EXPECT_EQ(NormaliseEmail("a.b+tag@sub.example.co.uk").value(), "a.b+tag@sub.example.co.uk");
  EXPECT_EQ(NormaliseEmail("x@xn--80a1acny.xn--p1ai").value(), "x@xn--80a1acny.xn--p1ai");
}

TEST(EmailTest, RefusesWhatIsNoAddress) {
  for (const char* text : {"",
                           "  ",
                           "anna",
                           "@example.com",
                           "anna@",
                           "anna@example",
                           "a@b@example.com",
                           "an na@example.com",
                           "anna@exa mple.com",
                           ".anna@example.com",
                           "anna.@example.com",
                           "an..na@example.com",
                           "anna@.com",
                           "anna@example..com",
                           "anna@-example.com",
                           "\"anna\"@example.com",
                           "anna@[127.0.0.1]",
                           "anna@127.0.0.1",
                           "anna@example.com\r\nBcc: x@y.z",
                           "анна@example.com",
                           "anna@пример.рф",
                           "<anna@example.com>",
                           "anna@example.com."}) {
    EXPECT_TRUE(IsRefused(NormaliseEmail(text))) << text;
  }
  EXPECT_TRUE(IsRefused(NormaliseEmail("a\0b@example.com")));
}

TEST(EmailTest, HoldsTheLengthsOfTheStandard) {
  EXPECT_TRUE(NormaliseEmail(std::string(64, 'a') + "@example.com").ok());
  EXPECT_TRUE(IsRefused(NormaliseEmail(std::string(65, 'a') + "@example.com")));
  EXPECT_TRUE(IsRefused(NormaliseEmail("a@" + std::string(64, 'b') + ".com")));
  std::string longest = "a@";
  while (longest.size() + 50 < kEmailBytesMax) longest += std::string(49, 'b') + ".";
  longest += std::string(kEmailBytesMax - longest.size(), 'c');
  EXPECT_TRUE(NormaliseEmail(longest).ok());
  EXPECT_TRUE(IsRefused(NormaliseEmail(longest + "c")));
}

}  // namespace
}  // namespace passmint::cards
