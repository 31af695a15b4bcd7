#include "base/currency.h"

#include <gtest/gtest.h>

#include "base/money.h"

namespace passmint {
namespace {

TEST(CurrencyTest, KnowsTheDigitsOfMinorUnits) {
  EXPECT_EQ(Currency::Find("JPY")->exponent(), 0);
  EXPECT_EQ(Currency::Find("RUB")->exponent(), 2);
  EXPECT_EQ(Currency::Find("KWD")->exponent(), 3);
}

TEST(CurrencyTest, FindsNothingButTheCodesOfTheList) {
  for (const char* code : {"", "RU", "rub", "XXX", "UB ", "RUBL", "D A"}) {
    EXPECT_FALSE(Currency::Find(code).has_value()) << code;
  }
}

TEST(MoneyTest, PrintsMajorUnitsFromIntegersAlone) {
  EXPECT_EQ(FormatMajor(199900, 2), "1999.00");
  EXPECT_EQ(FormatMajor(5, 2), "0.05");
  EXPECT_EQ(FormatMajor(-5, 2), "-0.05");
  EXPECT_EQ(FormatMajor(500, 0), "500");
  EXPECT_EQ(FormatMajor(1234, 3), "1.234");
  EXPECT_EQ(FormatMajor(INT64_MIN, 2), "-92233720368547758.08");
}

// google reference 1.10: a micro is a millionth of the major unit, whatever the currency's
// exponent.
TEST(MoneyTest, CountsMicrosOfTheMajorUnitForEveryCurrency) {
  EXPECT_EQ(ToMicroUnits({500, *Currency::Find("JPY")}), 500'000'000);
  EXPECT_EQ(ToMicroUnits({1234, *Currency::Find("USD")}), 12'340'000);
  EXPECT_EQ(ToMicroUnits({1234, *Currency::Find("KWD")}), 1'234'000);
}

}  // namespace
}  // namespace passmint
