#include "apple/strings.h"

#include <gtest/gtest.h>

namespace passmint::apple {
namespace {

using namespace std::string_literals;

TEST(StringsTest, WritesUtf16BigEndianWithByteOrderMark) {
  std::string lines;
  AppendStringsLine("k", "Я", lines);
  EXPECT_EQ(EncodeStrings(lines), "\xFE\xFF\0\"\0k\0\"\0 \0=\0 \0\"\x04\x2F\0\"\0;\0\n"s);
}

TEST(StringsTest, ReadsBackWhatItWrote) {
  const std::string text = "a \"quoted\" back\\slash\nnext line \xF0\x9F\x98\x80 %@";
  std::string lines;
  AppendStringsLine("pm:1", text, lines);
  AppendStringsLine("pm:2", "", lines);
  const auto read = ParseStrings(EncodeStrings(lines));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().at("pm:1"), text);
  EXPECT_EQ(read.value().at("pm:2"), "");
}

TEST(StringsTest, RepairsTextThatIsNotUtf8) {
  std::string lines;
  AppendStringsLine("k", "a\xFFz", lines);
  EXPECT_EQ(ParseStrings(EncodeStrings(lines)).value().at("k"), "a\xEF\xBF\xBDz");
}

TEST(StringsTest, ReadsTheFormsThatOthersWrite) {
  const std::string wanted = "v";
  for (const std::string& bytes :
       {"\"k\" = \"v\";"s, "\xEF\xBB\xBF\"k\"=\"v\";"s, "/* c */ k = v; // end"s,
        "\xFF\xFE\"\0k\0\"\0=\0\"\0v\0\"\0;\0"s, "\0\"\0k\0\"\0=\0\"\0v\0\"\0;"s}) {
    const auto read = ParseStrings(bytes);
    ASSERT_TRUE(read.ok()) << bytes;
    EXPECT_EQ(read.value().at("k"), wanted) << bytes;
  }
  EXPECT_TRUE(ParseStrings("").value().empty());
}

TEST(StringsTest, ReadsEscapes) {
  EXPECT_EQ(ParseStrings(R"("k" = "\U042f\"\\\t";)").value().at("k"), "Я\"\\\t");
}

TEST(StringsTest, NamesTheLineThatItCannotRead) {
  for (const char* bytes : {"\"a\" = \"b\";\n\"c\" \"d\";", "\"a\" = \"b\";\n\"c\" = \"d\"",
                            "\"a\" = \"b\";\n\"c", "\"a\" = \"b\";\n/* open"}) {
    const auto read = ParseStrings(bytes);
    ASSERT_FALSE(read.ok()) << bytes;
    EXPECT_EQ(read.error().reason, "bad_strings");
    EXPECT_NE(read.error().message.find("line 2"), std::string::npos) << read.error().message;
  }
  EXPECT_FALSE(ParseStrings("\"k\" = \"\xC3\x28\";").ok());
}

}  // namespace
}  // namespace passmint::apple
