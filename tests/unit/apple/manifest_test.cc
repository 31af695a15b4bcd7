#include "apple/manifest.h"

#include <gtest/gtest.h>

namespace passmint::apple {
namespace {

TEST(ManifestTest, ListsEachFileWithItsSha1) {
  // FIPS 180-4's test vector for "abc".
  EXPECT_EQ(CloseManifest(ManifestMember("a.txt", "abc") + ManifestMember("ru.lproj/b", "")),
            "{\"a.txt\":\"a9993e364706816aba3e25717850c26c9cd0d89d\","
            "\"ru.lproj/b\":\"da39a3ee5e6b4b0d3255bfef95601890afd80709\"}");
  EXPECT_EQ(CloseManifest(""), "{}");
}

TEST(ManifestTest, ReadsBackWhatItWrote) {
  const auto read = ParseManifest(CloseManifest(ManifestMember("quote\".png", "abc")));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().at("quote\".png"), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(ManifestTest, RefusesWhatIsNoManifest) {
  EXPECT_FALSE(ParseManifest("[]").ok());
  EXPECT_FALSE(ParseManifest("{\"a\":").ok());
  for (const char* bytes :
       {R"({"a": 1})", R"({"a": "abc"})", R"({"a": "z9993e364706816aba3e25717850c26c9cd0d89d"})"}) {
    const auto read = ParseManifest(bytes);
    ASSERT_FALSE(read.ok()) << bytes;
    EXPECT_EQ(read.error().reason, "bad_manifest");
  }
}

}  // namespace
}  // namespace passmint::apple
