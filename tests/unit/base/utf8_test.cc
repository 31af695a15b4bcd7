#include "base/utf8.h"

#include <gtest/gtest.h>

namespace passmint {
namespace {

TEST(Utf8Test, RefusesWhatUnicodeCallsIllFormed) {
  for (const char* text : {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                           "\xF5\x80\x80\x80", "\xE2\x82", "a\xFF"}) {
    EXPECT_FALSE(IsUtf8(text));
  }
  EXPECT_TRUE(IsUtf8("Анна ☕ 𝄞"));
}

TEST(Utf8Test, CountsAndCutsCodePoints) {
  EXPECT_EQ(CodePointCount("Анна𝄞"), 5u);
  EXPECT_EQ(FirstCodePoints("Анна", 2), "Ан");
  EXPECT_EQ(FirstCodePoints("Анна", 9), "Анна");
}

TEST(Utf8Test, WritesSurrogatePairsBigEndianBehindTheMark) {
  EXPECT_EQ(ToUtf16BeWithBom("aЖ𝄞"), std::string("\xFE\xFF\0a\x04\x16\xD8\x34\xDD\x1E", 10));
}

TEST(Utf8Test, SeesControlCharactersOfBothSets) {
  EXPECT_TRUE(HasControlCharacter("a\nb"));
  EXPECT_TRUE(HasControlCharacter("a\xC2\x85"));
  EXPECT_FALSE(HasControlCharacter("Ж é"));
}

}  // namespace
}  // namespace passmint
