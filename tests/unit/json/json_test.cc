#include "json/json.h"

#include <gtest/gtest.h>

namespace passmint {
namespace {

ErrorCode Refusal(std::string_view text, std::size_t bytes_max = 1 << 20) {
  const auto parsed = json::Parse(text, bytes_max);
  EXPECT_FALSE(parsed.ok()) << text.substr(0, 60);
  return parsed.ok() ? ErrorCode::kInternal : parsed.error().code;
}

TEST(JsonTest, ReadsWhatItWrites) {
  const std::string text = R"({"a":[1,-2,"ж",null,true,1.5],"b":{"c":9007199254740991}})";
  EXPECT_EQ(json::Dump(json::Parse(text, 1000).value()), text);
}

TEST(JsonTest, RefusesADepthThatWouldOverflowTheStack) {
  EXPECT_EQ(Refusal(std::string(1'000'000, '[')), ErrorCode::kInvalidSyntax);
  std::string deepest = std::string(64, '[') + std::string(64, ']');
  EXPECT_TRUE(json::Parse(deepest, 1000).ok());
  EXPECT_EQ(Refusal("[" + deepest + "]"), ErrorCode::kInvalidSyntax);
}

TEST(JsonTest, RefusesIntegersThatWouldSilentlyBecomeDoubles) {
  EXPECT_EQ(Refusal("[18446744073709551616]"), ErrorCode::kInvalidSyntax);
  EXPECT_EQ(Refusal("[-9223372036854775809]"), ErrorCode::kInvalidSyntax);
  EXPECT_TRUE(json::Parse("[18446744073709551615]", 1000).ok());
}

TEST(JsonTest, RefusesAKeyThatStandsTwice) {
  EXPECT_EQ(Refusal(R"({"points":1,"points":2})"), ErrorCode::kInvalidSyntax);
  EXPECT_TRUE(json::Parse(R"([{"a":1},{"a":2}])", 1000).ok());
}

TEST(JsonTest, RefusesBrokenTextsAndSaysWhere) {
  EXPECT_EQ(Refusal("\xEF\xBB\xBF{}"), ErrorCode::kInvalidSyntax);
  EXPECT_EQ(Refusal("[\"\xFF\"]"), ErrorCode::kInvalidSyntax);
  EXPECT_EQ(Refusal("{} {}"), ErrorCode::kInvalidSyntax);
  EXPECT_EQ(Refusal(""), ErrorCode::kInvalidSyntax);
  EXPECT_EQ(Refusal("[NaN]"), ErrorCode::kInvalidSyntax);
  EXPECT_EQ(Refusal("[1]", 2), ErrorCode::kTooLarge);
  EXPECT_EQ(json::Parse("[1,]", 100).error().message, "not JSON at byte 3");
}

TEST(JsonTest, WritesBadUtf8AsReplacementInsteadOfThrowing) {
  EXPECT_EQ(json::Dump(Json("a\xFF")), "\"a\xEF\xBF\xBD\"");
}

TEST(JsonTest, EscapesPointers) { EXPECT_EQ(json::Child("/a", "b/c~d"), "/a/b~1c~0d"); }

}  // namespace
}  // namespace passmint
