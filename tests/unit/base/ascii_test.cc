#include "base/ascii.h"

#include <gtest/gtest.h>

namespace passmint {
namespace {

TEST(AsciiLower, ChangesLettersOfAsciiAlone) {
  EXPECT_EQ(AsciiLower("Content-ID: Ä [Z]"), "content-id: Ä [z]");
}

TEST(AsciiTrimmed, TakesBlanksOffBothEndsAndLeavesThoseBetween) {
  EXPECT_EQ(AsciiTrimmed(" \ta b\r\n"), "a b");
  EXPECT_EQ(AsciiTrimmed(" \r\n"), "");
  EXPECT_EQ(AsciiTrimmed(""), "");
}

}  // namespace
}  // namespace passmint
