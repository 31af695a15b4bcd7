#include "image/scale.h"

#include <gtest/gtest.h>

#include "unit/image/pictures.h"

namespace passmint::image {
namespace {

using testing::Disc;
using testing::Gradient;
using testing::PixelAt;
using testing::Plain;

TEST(FitTest, KeepsTheShape) {
  EXPECT_EQ(FitContain({200, 100}, {50, 50}), (Size{50, 25}));
  EXPECT_EQ(FitCover({200, 100}, {50, 50}), (Size{100, 50}));
  EXPECT_EQ(FitContain({100, 200}, {160, 50}), (Size{25, 50}));
  EXPECT_EQ(FitCover({100, 200}, {160, 50}), (Size{160, 320}));
  EXPECT_EQ(FitContain({3, 2}, {480, 150}), (Size{225, 150}));
  EXPECT_EQ(FitContain({4, 4}, {4, 4}), (Size{4, 4}));
  EXPECT_EQ(FitContain({10'000, 1}, {10, 10}), (Size{10, 1}));
}

TEST(ScaleTest, GivesExactlyTheSizeAskedFor) {
  for (const Size size : {Size{1, 1}, Size{38, 38}, Size{7, 300}, Size{1125, 432}}) {
    EXPECT_EQ(ScaleTo(Gradient({114, 90}), size).value().size(), size);
    EXPECT_EQ(ScaleContain(Gradient({114, 90}), size).value().size(), size);
    EXPECT_EQ(ScaleCover(Gradient({114, 90}), size).value().size(), size);
  }
}

TEST(ScaleTest, KeepsAPlainPicturePlain) {
  const Bitmap plain = Plain({30, 20}, {200, 100, 50});
  EXPECT_EQ(ScaleTo(plain, {11, 45}).value(), Plain({11, 45}, {200, 100, 50}));
  EXPECT_EQ(ScaleTo(plain, plain.size()).value(), plain);
}

// Black and white lines are half the light, which is #bc in sRGB and not #80.
TEST(ScaleTest, AveragesLightNotBytes) {
  Bitmap lines = Plain({64, 64}, {255, 255, 255});
  for (int y = 0; y < 64; y += 2) {
    for (std::size_t x = 0; x < 64; ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        lines.rgba[(static_cast<std::size_t>(y) * 64 + x) * 4 + c] = 0;
      }
    }
  }
  const Bitmap small = ScaleTo(lines, {8, 8}).value();
  EXPECT_NEAR(small.rgba[(4 * 8 + 4) * 4], 0xbc, 4);
}

// A red disc on transparent black: wherever the result is visible, it is red.
TEST(ScaleTest, LeavesNoDarkFringeAroundTransparency) {
  const Bitmap small = ScaleTo(Disc(90, {255, 0, 0}), {30, 30}).value();
  int soft = 0;
  for (std::size_t i = 0; i < small.rgba.size(); i += 4) {
    const int alpha = small.rgba[i + 3];
    if (alpha < 8) continue;
    soft += alpha < 250;
    EXPECT_GE(small.rgba[i], 250) << "at alpha " << alpha;
    EXPECT_EQ(small.rgba[i + 1], 0);
  }
  EXPECT_GT(soft, 20);
}

TEST(ScaleTest, ContainsInTheMiddleOfTransparency) {
  const Bitmap framed = ScaleContain(Plain({20, 10}, {1, 2, 3}), {40, 40}).value();
  EXPECT_EQ(PixelAt(framed, 0, 9), "00000000");
  EXPECT_EQ(PixelAt(framed, 0, 10), "010203ff");
  EXPECT_EQ(PixelAt(framed, 39, 29), "010203ff");
  EXPECT_EQ(PixelAt(framed, 39, 30), "00000000");
}

TEST(ScaleTest, CoversWithTheMiddle) {
  Bitmap halves = Plain({40, 10}, {255, 0, 0});
  for (std::size_t y = 0; y < 10; ++y) {
    for (std::size_t x = 10; x < 30; ++x) {
      halves.rgba[(y * 40 + x) * 4] = 0;
      halves.rgba[(y * 40 + x) * 4 + 2] = 255;
    }
  }
  EXPECT_EQ(ScaleCover(halves, {40, 20}).value(), Plain({40, 20}, {0, 0, 255}));
}

TEST(ScaleTest, RefusesSizesThatCannotBeDrawn) {
  const Bitmap source = Plain({4, 4}, {1, 2, 3});
  for (const Size size : {Size{0, 5}, Size{5, 0}, Size{-1, 5}, Size{5000, 5000}}) {
    EXPECT_EQ(ScaleTo(source, size).error().reason, "image_size");
    EXPECT_EQ(ScaleContain(source, size).error().reason, "image_size");
    EXPECT_EQ(ScaleCover(source, size).error().reason, "image_size");
  }
  EXPECT_EQ(ScaleTo(Bitmap{}, {5, 5}).error().reason, "image_size");
}

TEST(ScaleTest, SurvivesExtremeShapes) {
  const Bitmap thread = Plain({100'000, 1}, {1, 2, 3});
  EXPECT_TRUE(ScaleCover(thread, {100, 100}).ok());
  EXPECT_TRUE(ScaleContain(thread, {100, 100}).ok());
  EXPECT_TRUE(ScaleTo(thread, {1, 100'000}).ok());
}

}  // namespace
}  // namespace passmint::image
