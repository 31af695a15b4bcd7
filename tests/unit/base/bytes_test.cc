#include "base/bytes.h"

#include <gtest/gtest.h>

#include "base/points.h"
#include "base/secret.h"

namespace passmint {
namespace {

// RFC 4648 section 10.
TEST(BytesTest, EncodesTheVectorsOfRfc4648) {
  EXPECT_EQ(ToBase64(""), "");
  EXPECT_EQ(ToBase64("f"), "Zg==");
  EXPECT_EQ(ToBase64("fo"), "Zm8=");
  EXPECT_EQ(ToBase64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(ToBase64Url("f"), "Zg");
  EXPECT_EQ(ToHex("\x01\xff"), "01ff");
}

TEST(BytesTest, DecodesWhatItEncoded) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (std::size_t size = 0; size < all.size(); ++size) {
    const std::string bytes = all.substr(0, size);
    EXPECT_EQ(FromBase64(ToBase64(bytes)).value(), bytes);
    EXPECT_EQ(FromBase64Url(ToBase64Url(bytes)).value(), bytes);
    EXPECT_EQ(FromHex(ToHex(bytes)).value(), bytes);
  }
}

TEST(BytesTest, RefusesTextsThatAreNotTheOneEncodingOfTheirBytes) {
  for (const char* text : {"Zg=", "Zg", "Zh==", "Z===", "Zm9v\n", "Zm-_"}) {
    EXPECT_FALSE(FromBase64(text).ok()) << text;
  }
  for (const char* text : {"Zg==", "Zh", "Z", "Zm+/"})
    EXPECT_FALSE(FromBase64Url(text).ok()) << text;
  for (const char* text : {"0", "0g", "0x"}) EXPECT_FALSE(FromHex(text).ok()) << text;
}

TEST(SecretTest, MatchesOnlyTheSameBytes) {
  const Secret secret("member-0042-token");
  EXPECT_TRUE(secret.Matches("member-0042-token"));
  EXPECT_FALSE(secret.Matches("member-0042-Token"));
  EXPECT_FALSE(secret.Matches(""));
}

TEST(SecretTest, LeavesNothingBehindWhenItMoves) {
  Secret from("0123456789");
  const Secret to(std::move(from));
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is the promise.
  EXPECT_TRUE(to.Matches("0123456789"));
}

TEST(PointsTest, AddsUpToTheLargestExactJsonIntegerAndNotBeyond) {
  const Points most = Points::Make(Points::kMax).value();
  const Points one = Points::Make(1).value();
  EXPECT_EQ(Points::Make(Points::kMax - 1).value().Plus(one).value(), most);
  EXPECT_FALSE(most.Plus(one).ok());
  EXPECT_FALSE(Points::Make(-Points::kMax - 1).ok());
}

}  // namespace
}  // namespace passmint
