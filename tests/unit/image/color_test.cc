#include "image/color.h"

#include <gtest/gtest.h>

namespace passmint::image {
namespace {

TEST(ColorTest, ReadsTheThreeForms) {
  const Color brown = {59, 35, 24};
  EXPECT_EQ(ParseColor("#3B2318").value(), brown);
  EXPECT_EQ(ParseColor("#3b2318").value(), brown);
  EXPECT_EQ(ParseColor("rgb(59, 35, 24)").value(), brown);
  EXPECT_EQ(ParseColor("rgb(59,35,24)").value(), brown);
  EXPECT_EQ(ParseColor("rgb( 59 ,35 , 24 )").value(), brown);
  EXPECT_EQ(ParseColor("#f0a").value(), (Color{255, 0, 170}));
}

TEST(ColorTest, RefusesEverythingElse) {
  for (const char* text : {"",
                           "#",
                           "#12",
                           "#1234",
                           "#12345",
                           "#1234567",
                           "#ggg",
                           "red",
                           "rgb()",
                           "rgb(1,2)",
                           "rgb(",
                           "rgb(1,2,3,4)",
                           "rgb(256,0,0)",
                           "rgb(-1,0,0)",
                           "rgb(1.5,0,0)",
                           "rgb(,,)",
                           "rgb(0001,2,3)",
                           "rgb(1,2,3",
                           " #fff",
                           "#fff ",
                           "rgba(1,2,3,1)",
                           "rgb(1 2 3)",
                           "RGB(1,2,3)",
                           "rgb(1,                              2,3)"}) {
    const auto parsed = ParseColor(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().reason, "bad_color");
  }
}

TEST(ColorTest, WritesTheFormsOfBothWallets) {
  EXPECT_EQ(ToCssRgb({59, 35, 24}), "rgb(59, 35, 24)");
  EXPECT_EQ(ToHexRgb({59, 35, 4}), "#3b2304");
}

// The well-known greys at the limits of AA: https://webaim.org/resources/contrastchecker/
TEST(ColorTest, KnowsHowReadableOneColourIsOnAnother) {
  const Color white = {255, 255, 255};
  EXPECT_NEAR(ContrastRatio(white, {0, 0, 0}), 21.0, 1e-9);
  EXPECT_NEAR(ContrastRatio({0, 0, 0}, white), 21.0, 1e-9);
  EXPECT_NEAR(ContrastRatio(white, white), 1.0, 1e-9);
  EXPECT_NEAR(ContrastRatio(white, {0x76, 0x76, 0x76}), 4.54, 0.005);
  EXPECT_NEAR(ContrastRatio(white, {0x77, 0x77, 0x77}), 4.48, 0.005);
  EXPECT_NEAR(ContrastRatio(white, {255, 0, 0}), 4.0, 0.005);
}

}  // namespace
}  // namespace passmint::image
