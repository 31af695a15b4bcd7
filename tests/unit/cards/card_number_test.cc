#include "cards/card_number.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <utility>

#include "support/seeded_random.h"

namespace passmint::cards {
namespace {

const CardNumberFormat kLuhn;
const CardNumberFormat kDamm{.prefix = "9", .length = 16, .check = CheckDigit::kDamm};
const CardNumberFormat kEan13{.prefix = "29", .length = 13, .check = CheckDigit::kEan13};

std::string CodeOf(const Result<CardNumber>& result) {
  return result.ok() ? "" : result.error().problems.at(0).code;
}

TEST(CardNumberTest, MadeNumbersReadBack) {
  testing::SeededRandom random(7);
  for (const CardNumberFormat& format : {kLuhn, kDamm, kEan13}) {
    std::set<CardNumber> seen;
    for (int i = 0; i < 1000; ++i) {
      const CardNumber number = MakeCardNumber(format, random);
      const auto parsed = ParseCardNumber(number.str(), format);
      ASSERT_TRUE(parsed.ok()) << number.str();
      EXPECT_EQ(parsed.value(), number);
      seen.insert(number);
    }
    EXPECT_EQ(seen.size(), 1000u);
  }
}

TEST(CardNumberTest, DigitsAreEquallyLikely) {
  testing::SeededRandom random(11);
  std::array<int, 10> counts{};
  for (int i = 0; i < 5000; ++i) {
    const CardNumber made = MakeCardNumber(kLuhn, random);
    const std::string& number = made.str();
    for (const char digit : number.substr(1, 14)) ++counts[static_cast<std::size_t>(digit - '0')];
  }
  for (const int count : counts) EXPECT_NEAR(count, 7000, 350);
}

TEST(CardNumberTest, KnowsCheckDigitsMadeByOthers) {
  // ISO/IEC 7812-1 annex B's example 7992739871-3; Damm's own 572-4; an EAN-13 from GS1.
  const CardNumberFormat luhn{.prefix = "7", .length = 11, .check = CheckDigit::kLuhn};
  EXPECT_TRUE(ParseCardNumber("79927398713", luhn).ok());
  const CardNumberFormat damm{.prefix = "0000", .length = 8, .check = CheckDigit::kDamm};
  EXPECT_TRUE(ParseCardNumber("00005724", damm).ok());
  const CardNumberFormat ean{.prefix = "629", .length = 13, .check = CheckDigit::kEan13};
  EXPECT_TRUE(ParseCardNumber("6291041500213", ean).ok());
}

TEST(CardNumberTest, PassesOverSpacesAndDashesAsPeopleTypeThem) {
  const CardNumberFormat luhn{.prefix = "7", .length = 11, .check = CheckDigit::kLuhn};
  EXPECT_EQ(ParseCardNumber(" 799-2739 8713 ", luhn).value(), CardNumber("79927398713"));
}

TEST(CardNumberTest, SaysWhatIsWrong) {
  EXPECT_EQ(CodeOf(ParseCardNumber("9000a00000000001", kLuhn)), "card_number_characters");
  EXPECT_EQ(CodeOf(ParseCardNumber("９０００００００００００００００", kLuhn)),
            "card_number_characters");
  EXPECT_EQ(CodeOf(ParseCardNumber("", kLuhn)), "card_number_length");
  EXPECT_EQ(CodeOf(ParseCardNumber("90000000000000011", kLuhn)), "card_number_length");
  EXPECT_EQ(CodeOf(ParseCardNumber(std::string(1'000'000, '9'), kLuhn)), "card_number_length");
  EXPECT_EQ(CodeOf(ParseCardNumber("8000000000000001", kLuhn)), "card_number_prefix");
  EXPECT_EQ(CodeOf(ParseCardNumber("9000000000000000", kLuhn)), "card_number_check_digit");
}

TEST(CardNumberTest, Ledger34EveryWrongDigitIsFound) {
  testing::SeededRandom random(3);
  for (const CardNumberFormat& format : {kLuhn, kDamm, kEan13}) {
    const CardNumber made = MakeCardNumber(format, random);
    const std::string& number = made.str();
    for (std::size_t i = format.prefix.size(); i < number.size(); ++i) {
      for (char digit = '0'; digit <= '9'; ++digit) {
        std::string mistyped = number;
        mistyped[i] = digit;
        EXPECT_EQ(ParseCardNumber(mistyped, format).ok(), mistyped == number) << mistyped;
      }
    }
  }
}

TEST(CardNumberTest, Ledger34DammFindsEverySwapOfNeighbours) {
  testing::SeededRandom random(5);
  for (int round = 0; round < 200; ++round) {
    const CardNumber made = MakeCardNumber(kDamm, random);
    const std::string& number = made.str();
    for (std::size_t i = 1; i + 1 < number.size(); ++i) {
      std::string swapped = number;
      std::swap(swapped[i], swapped[i + 1]);
      EXPECT_EQ(ParseCardNumber(swapped, kDamm).ok(), swapped == number) << swapped;
    }
  }
}

TEST(CardNumberTest, RefusesFormatsThatCannotWork) {
  EXPECT_TRUE(CheckFormat(kLuhn).ok());
  EXPECT_TRUE(CheckFormat(kEan13).ok());
  EXPECT_TRUE(CheckFormat({.prefix = "", .length = 8, .check = CheckDigit::kLuhn}).ok());
  EXPECT_FALSE(CheckFormat({.prefix = "9", .length = 7, .check = CheckDigit::kLuhn}).ok());
  EXPECT_FALSE(CheckFormat({.prefix = "9", .length = 20, .check = CheckDigit::kLuhn}).ok());
  EXPECT_FALSE(CheckFormat({.prefix = "9x", .length = 16, .check = CheckDigit::kLuhn}).ok());
  EXPECT_FALSE(CheckFormat({.prefix = "900000000", .length = 16, .check = CheckDigit::kLuhn}).ok());
  EXPECT_FALSE(CheckFormat({.prefix = "9", .length = 16, .check = CheckDigit::kEan13}).ok());
}

}  // namespace
}  // namespace passmint::cards
