#include "zip/entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.h"

namespace passmint::zip {
namespace {

TEST(NameTest, AcceptsWhatAPassHolds) {
  for (const char* name : {"pass.json", "en.lproj/pass.strings", "zh-Hans.lproj/logo@3x.png",
                           "a/b/c", ".hidden", "...", "Карта.txt", "C", "CC:x"}) {
    EXPECT_TRUE(CheckName(name).ok()) << name;
  }
}

TEST(NameTest, RefusesWhatCouldLeaveTheDirectoryOrConfuseAReader) {
  using namespace std::string_literals;
  for (const std::string& name : {""s,          "/etc/passwd"s,
                                  ".."s,        "../x"s,
                                  "a/../b"s,    "a/.."s,
                                  "./a"s,       "a/./b"s,
                                  "."s,         "a//b"s,
                                  "a/"s,        "/"s,
                                  "a\\b"s,      "..\\x"s,
                                  "C:x"s,       "c:/x"s,
                                  "a\0b"s,      "a\nb"s,
                                  "a\x7f"s,     "\xff"s,
                                  "a\xc0\x80"s, std::string(513, 'a')}) {
    const Status checked = CheckName(name);
    ASSERT_FALSE(checked.ok()) << name;
    EXPECT_EQ(checked.error().reason, "zip_bad_name");
    EXPECT_TRUE(IsUtf8(checked.error().message)) << name;
    EXPECT_FALSE(HasControlCharacter(checked.error().message)) << name;
  }
}

TEST(NameTest, SaysWhatIsWrongWithTheName) {
  EXPECT_THAT(CheckName("a/../b").error().message, ::testing::HasSubstr("\"a/../b\""));
  EXPECT_THAT(CheckName("\xff.png").error().message,
              ::testing::HasSubstr("\"?.png\" in the archive is not UTF-8"));
}

}  // namespace
}  // namespace passmint::zip
