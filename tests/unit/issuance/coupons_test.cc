#include "issuance/coupons.h"

#include <gtest/gtest.h>

#include <set>

#include "support/seeded_random.h"

namespace passmint::issuance {
namespace {

TEST(CouponKey, IgnoresTheCaseOfLatinAndCyrillicLetters) {
  EXPECT_EQ(CouponKey("SPRING-10"), "spring-10");
  EXPECT_EQ(CouponKey("ВЕСНА"), "весна");
  EXPECT_EQ(CouponKey("ЁЖИК ЯР"), "ёжик яр");
  EXPECT_EQ(CouponKey("ЇЌЏ"), "їќџ");
  EXPECT_EQ(CouponKey("ÀÉÞ"), "àéþ");
}

TEST(CouponKey, LeavesWhatIsNoLetterAlone) {
  for (const char* text : {"×÷ß", "весна", "日本", "€", "ѐџ", "", "\xD0", "a\xC3"}) {
    EXPECT_EQ(CouponKey(text), text);
  }
}

TEST(CouponCodes, AreTwelveCharactersThatAreToldApartInPrint) {
  passmint::testing::SeededRandom random;
  std::set<std::string> codes;
  std::set<char> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string code = MakeCouponCode(random);
    ASSERT_EQ(code.size(), 14u) << code;
    EXPECT_EQ(code[4], '-');
    EXPECT_EQ(code[9], '-');
    EXPECT_EQ(code.find_first_of("01ILO"), std::string::npos) << code;
    codes.insert(code);
    seen.insert(code.begin(), code.end());
  }
  EXPECT_EQ(codes.size(), 1000u);
  EXPECT_EQ(seen.size(), 32u) << "all 31 characters and the hyphen";
}

TEST(CouponStatus, SaysTheFirstThatHolds) {
  const Timestamp now = FromMicros(1'000'000);
  CouponCode code;
  code.uses_max = 1;
  EXPECT_EQ(StatusAt(code, now), CouponStatus::kActive);
  code.valid_until = now + std::chrono::microseconds(1);
  EXPECT_EQ(StatusAt(code, now), CouponStatus::kActive);
  code.valid_until = now;
  EXPECT_EQ(StatusAt(code, now), CouponStatus::kExpired);
  code.uses = 1;
  EXPECT_EQ(StatusAt(code, now), CouponStatus::kUsed);
  code.void_reason = "leaked";
  EXPECT_EQ(StatusAt(code, now), CouponStatus::kVoid);
}

}  // namespace
}  // namespace passmint::issuance
