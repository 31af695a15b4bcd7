#include "issuance/phone_log.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "issuance/update_tag.h"

namespace passmint::issuance {
namespace {

TEST(PhoneLogTest, ReadsKindSerialAndPassType) {
  const auto logs = ReadLogs(
      R"({"logs":["[2026-11-21 10:05:00 +0300] Web service error for pass.com.example.a (https://x): Server requested update to serial number 'S/1', but the pass was unchanged."]})");
  ASSERT_EQ(logs.size(), 1u);
  EXPECT_EQ(logs[0].kind, LogKind::kUnchanged);
  EXPECT_EQ(logs[0].serial.str(), "S/1");
  EXPECT_EQ(logs[0].pass_type.str(), "pass.com.example.a");
}

TEST(PhoneLogTest, EveryKindHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(LogKind::kOther); ++kind) {
    EXPECT_TRUE(names.insert(Name(static_cast<LogKind>(kind))).second) << kind;
  }
}

TEST(PhoneLogTest, HidesLongHexadecimalNumbersAndControlCharacters) {
  const auto logs =
      ReadLogs("{\"logs\":[\"device 4C1C5AE3F5E3D14D8A2B0C9D8E7F6A5B\\u0007, number 1234abcd\"]}");
  ASSERT_EQ(logs.size(), 1u);
  EXPECT_EQ(logs[0].message, "device 4C1C5A*** , number 1234abcd");
}

TEST(PhoneLogTest, KeepsTheFirstOfTooManyAndTheBeginningOfLongOnes) {
  std::string body = R"({"logs":[)";
  for (std::size_t i = 0; i < kLogMessagesMax + 5; ++i) body += "\"" + std::to_string(i) + "\",";
  body += "\"last\"]}";
  EXPECT_EQ(ReadLogs(body).size(), kLogMessagesMax);
  const auto logs = ReadLogs(R"({"logs":[")" + std::string(5000, 'z') + R"("]})");
  EXPECT_EQ(logs.at(0).message.size(), kLogCharactersMax);
}

TEST(PhoneLogTest, AnythingElseHoldsNoMessages) {
  for (const char* body : {"", "{", "[]", "{}", R"({"logs":"x"})", R"({"logs":[1,{},null]})"}) {
    EXPECT_TRUE(ReadLogs(body).empty()) << body;
  }
}

TEST(UpdateTagTest, ReadsBackWhatItWrote) {
  const Timestamp now = FromMicros(1'795'255'200'123'456);
  const UpdateTag tag = UpdateTag::At(now, std::nullopt);
  EXPECT_EQ(tag.ToText(), "1795255200123");
  EXPECT_EQ(ToUnixMillis(UpdateTag::Parse(tag.ToText())->clock()), 1795255200123);
}

TEST(UpdateTagTest, BehindAnEarlierTagItSaysBoth) {
  const auto earlier = UpdateTag::Parse("1795255200123");
  const UpdateTag tag = UpdateTag::At(FromMicros(1'795'255'100'000'000), earlier);
  EXPECT_EQ(tag.ToText(), "1795255200123.1795255100000");
  EXPECT_EQ(UpdateTag::Parse(tag.ToText())->ToText(), tag.ToText());
  EXPECT_EQ(ToUnixMillis(UpdateTag::Parse(tag.ToText())->clock()), 1795255100000);
}

TEST(UpdateTagTest, RefusesWhatIsNoneOfOurs) {
  for (const char* text : {"", "x", "-1", "+1", "1e3", "1.", ".1", "1.2.3", " 1", "1 ",
                           "123456789012345", "1.123456789012345"}) {
    EXPECT_FALSE(UpdateTag::Parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace passmint::issuance
