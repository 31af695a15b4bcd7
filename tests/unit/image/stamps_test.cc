#include "image/stamps.h"

#include <gtest/gtest.h>

#include "unit/image/pictures.h"

namespace passmint::image {
namespace {

using testing::Disc;
using testing::PixelAt;
using testing::Plain;

constexpr Size kStrip = {375, 144};  // Apple reference 3.1, storeCard.
constexpr Color kRed = {255, 0, 0};
constexpr Color kGray = {128, 128, 128};

// How many separate runs of red the strip has in all rows of stamps, found in the picture itself.
int CountRed(const Bitmap& strip, int of) {
  const StampGrid grid = LayOutStamps(of, strip.size());
  int found = 0;
  for (int row = 0; row < grid.rows; ++row) {
    const int y = strip.height / 2 + (2 * row + 1 - grid.rows) * (grid.stamp * 5 / 4) / 2;
    bool in_stamp = false;
    for (int x = 0; x < strip.width; ++x) {
      const bool red = PixelAt(strip, x, y) == "ff0000ff";
      found += red && !in_stamp;
      in_stamp = red;
    }
  }
  return found;
}

TEST(StampsTest, LaysOutTheUsualCards) {
  const auto shape = [](int of, Size size) {
    const StampGrid grid = LayOutStamps(of, size);
    return std::pair(grid.rows, grid.columns);
  };
  EXPECT_EQ(shape(1, kStrip), std::pair(1, 1));
  EXPECT_EQ(shape(5, kStrip), std::pair(1, 5));
  EXPECT_EQ(shape(8, kStrip), std::pair(2, 4));
  EXPECT_EQ(shape(10, kStrip), std::pair(2, 5));
  EXPECT_EQ(shape(10, {1125, 432}), std::pair(2, 5));
  EXPECT_EQ(shape(12, kStrip), std::pair(2, 6));
  EXPECT_EQ(shape(30, kStrip), std::pair(3, 10));
}

TEST(StampsTest, DrawsEveryCountOfEveryCard) {
  const Bitmap filled = Plain({60, 60}, kRed);
  const Bitmap empty = Plain({60, 60}, kGray);
  for (int of = 1; of <= kMaxStamps; ++of) {
    for (int count = 0; count <= of; ++count) {
      const auto strip = DrawStampStrip(
          {.filled = &filled, .empty = &empty, .count = count, .of = of, .size = kStrip});
      ASSERT_TRUE(strip.ok()) << strip.error().message;
      ASSERT_EQ(CountRed(strip.value(), of), count) << count << " of " << of;
    }
  }
}

TEST(StampsTest, FillsFromTheTopLeft) {
  const Bitmap filled = Plain({60, 60}, kRed);
  const Bitmap strip =
      DrawStampStrip({.filled = &filled, .count = 3, .of = 10, .size = kStrip}).value();
  const auto has_red_in = [&](int x, int y) { return PixelAt(strip, x, y) == "ff0000ff"; };
  EXPECT_TRUE(has_red_in(60, 40));    // The first.
  EXPECT_TRUE(has_red_in(187, 40));   // The third, in the middle.
  EXPECT_FALSE(has_red_in(310, 40));  // The fifth.
  EXPECT_FALSE(has_red_in(60, 104));  // The sixth, below the first.
}

TEST(StampsTest, IsSymmetricWhenFull) {
  const Bitmap filled = Plain({60, 60}, kRed);
  for (const int of : {1, 4, 7, 10, 13}) {
    const Size size = {400, 144};
    const Bitmap strip =
        DrawStampStrip({.filled = &filled, .count = of, .of = of, .size = size}).value();
    int left = size.width;
    int right = -1;
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        if (PixelAt(strip, x, y) == "00000000") continue;
        left = std::min(left, x);
        right = std::max(right, x);
      }
    }
    EXPECT_NEAR(left, size.width - 1 - right, 1) << of;
  }
}

TEST(StampsTest, BlendsSoftEdgesOntoTheBackground) {
  const Bitmap background = Plain({10, 10}, {0, 0, 255});
  const Bitmap filled = Disc(100, kRed);
  const Bitmap strip =
      DrawStampStrip(
          {.background = &background, .filled = &filled, .count = 1, .of = 1, .size = kStrip})
          .value();
  EXPECT_EQ(PixelAt(strip, 0, 0), "0000ffff");
  EXPECT_EQ(PixelAt(strip, 187, 72), "ff0000ff");
  int mixed = 0;
  for (std::size_t i = 0; i < strip.rgba.size(); i += 4) {
    EXPECT_EQ(strip.rgba[i + 3], 255);
    EXPECT_NEAR(strip.rgba[i] + strip.rgba[i + 2], 255, 1);
    mixed += strip.rgba[i] > 20 && strip.rgba[i] < 235;
  }
  EXPECT_GT(mixed, 50);
}

TEST(StampsTest, RefusesCountsAndSizesOutOfRange) {
  const Bitmap filled = Plain({60, 60}, kRed);
  const auto reason = [&](int count, int of, Size size) {
    const auto strip = DrawStampStrip({.filled = &filled, .count = count, .of = of, .size = size});
    return strip.ok() ? "" : strip.error().reason;
  };
  EXPECT_EQ(reason(0, 0, kStrip), "stamp_count");
  EXPECT_EQ(reason(0, 31, kStrip), "stamp_count");
  EXPECT_EQ(reason(-1, 5, kStrip), "stamp_count");
  EXPECT_EQ(reason(6, 5, kStrip), "stamp_count");
  EXPECT_EQ(reason(1, 5, {0, 0}), "image_size");
  EXPECT_EQ(reason(1, 5, {50'000, 50'000}), "image_size");
  EXPECT_EQ(reason(1, 30, {20, 10}), "image_size");
  EXPECT_EQ(DrawStampStrip({.count = 1, .of = 5, .size = kStrip}).error().reason, "stamp_count");
}

}  // namespace
}  // namespace passmint::image
