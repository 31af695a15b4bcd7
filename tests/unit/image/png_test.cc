#include "image/png.h"

#include <gtest/gtest.h>

#include "support/outside_program.h"
#include "unit/image/pictures.h"

namespace passmint::image {
namespace {

using namespace std::string_literals;
using passmint::testing::RunProgram;
using passmint::testing::ScratchDirectory;
using testing::Disc;
using testing::Gradient;
using testing::MakeForeignPng;
using testing::Plain;
using testing::PngChunk;
using testing::PngHeader;

std::string Reason(const std::string& bytes) {
  const auto decoded = Decode(bytes);
  return decoded.ok() ? "" : decoded.error().reason;
}

TEST(InspectTest, ReadsTheHeaderOfEveryKind) {
  const auto gray = Inspect(MakeForeignPng(7, 5, 1, 0, false)).value();
  EXPECT_EQ(gray.width, 7u);
  EXPECT_EQ(gray.height, 5u);
  EXPECT_EQ(gray.bit_depth, 1);
  EXPECT_EQ(gray.color_type, PngColorType::kGray);
  EXPECT_FALSE(gray.has_alpha);
  const auto rgba = Inspect(MakeForeignPng(1, 2, 16, 6, true)).value();
  EXPECT_EQ(rgba.bit_depth, 16);
  EXPECT_EQ(rgba.color_type, PngColorType::kRgba);
  EXPECT_TRUE(rgba.has_alpha);
}

TEST(InspectTest, NeedsTheHeaderOnly) {
  const std::string header = PngHeader(375, 144);
  ASSERT_EQ(header.size(), 33u);
  EXPECT_EQ(Inspect(header).value().width, 375u);
  for (std::size_t size = 0; size < header.size(); ++size) {
    EXPECT_FALSE(Inspect(header.substr(0, size)).ok()) << size;
  }
}

TEST(InspectTest, NamesWhatIsHandedInInsteadOfAPng) {
  const auto message = [](const std::string& bytes) { return Inspect(bytes).error().message; };
  EXPECT_EQ(message("\xff\xd8\xff\xe0"), "image must be a PNG; this is a JPEG");
  EXPECT_EQ(message("RIFF\1\2\3\4WEBPVP8 "s), "image must be a PNG; this is a WebP");
  EXPECT_EQ(message("<svg xmlns=..."), "image must be a PNG; this is an SVG or XML file");
  EXPECT_EQ(message("\0\0\0\x18"
                    "ftypheic"s),
            "image must be a PNG; this is a HEIC, AVIF or video file");
  EXPECT_EQ(message(""), "image must be a PNG; this is an empty file");
  EXPECT_EQ(Inspect("nonsense").error().reason, "image_not_png");
}

TEST(InspectTest, RefusesHeadersThatLie) {
  EXPECT_EQ(Inspect(PngHeader(0, 5)).error().reason, "image_damaged");
  EXPECT_EQ(Inspect(PngHeader(5, 0)).error().reason, "image_damaged");
  EXPECT_EQ(Inspect(PngHeader(0x80000000, 5)).error().reason, "image_damaged");
  EXPECT_TRUE(Inspect(PngHeader(0x7fffffff, 0x7fffffff)).ok());
  std::string changed = PngHeader(5, 5);
  changed[19] = 6;  // The checksum no longer fits.
  EXPECT_EQ(Inspect(changed).error().reason, "image_damaged");
  const std::string bad_depth =
      "\x89PNG\r\n\x1a\n"s + PngChunk("IHDR", "\0\0\0\5\0\0\0\5\x03\x02\0\0\0"s);
  EXPECT_EQ(Inspect(bad_depth).error().reason, "image_damaged");
}

TEST(DecodeTest, ReadsEveryBitDepthAndColourTypeOfLibpng) {
  for (const int type : {0, 2, 4, 6}) {
    for (const int depth : {1, 2, 4, 8, 16}) {
      if (type != 0 && depth < 8) continue;
      for (const bool interlaced : {false, true}) {
        const auto decoded = Decode(MakeForeignPng(9, 3, depth, type, interlaced));
        ASSERT_TRUE(decoded.ok()) << type << " " << depth << ": " << decoded.error().message;
        EXPECT_EQ(decoded.value().size(), (Size{9, 3}));
        const bool has_alpha = type == 4 || type == 6;
        EXPECT_EQ(testing::PixelAt(decoded.value(), 8, 2), has_alpha ? "00000000" : "000000ff");
      }
    }
  }
}

TEST(DecodeTest, RefusesAnImageCutAnywhere) {
  for (const std::string& whole :
       {Encode(Gradient({20, 15}, 100)).value(), Encode(Plain({5, 5}, {1, 2, 3})).value(),
        MakeForeignPng(9, 9, 8, 6, true)}) {
    ASSERT_TRUE(Decode(whole).ok());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_FALSE(Decode(whole.substr(0, size)).ok()) << size;
    }
  }
}

TEST(DecodeTest, SurvivesEveryChangedByte) {
  const std::string whole = Encode(Gradient({12, 9}, 100)).value();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(value);
      (void)Decode(changed).ok();
    }
  }
}

TEST(DecodeTest, RefusesTheBombByItsHeader) {
  const std::string bomb = PngHeader(20'000, 20'000) + PngChunk("IDAT", "x") + PngChunk("IEND", "");
  EXPECT_EQ(Reason(bomb), "image_too_large");
  EXPECT_EQ(Decode(bomb).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(Reason(PngHeader(0x7fffffff, 0x7fffffff)), "image_too_large");
  EXPECT_EQ(Decode(MakeForeignPng(20, 20, 8, 6, false), {.pixels = 399}).error().reason,
            "image_too_large");
  EXPECT_TRUE(Decode(MakeForeignPng(20, 20, 8, 6, false), {.pixels = 400}).ok());
  EXPECT_EQ(Decode(MakeForeignPng(20, 20, 8, 6, false), {.bytes = 50}).error().reason,
            "image_too_large");
}

TEST(DecodeTest, RefusesAFileWhoseHeaderPromisesMoreThanItHolds) {
  const std::string small = MakeForeignPng(4, 4, 8, 6, false);
  EXPECT_EQ(Reason(PngHeader(400, 400) + small.substr(33)), "image_damaged");
  EXPECT_EQ(Reason(PngHeader(4, 4) + PngHeader(400, 400).substr(8) + small.substr(33)),
            "image_damaged");
  EXPECT_EQ(Reason(PngHeader(4, 4) + PngChunk("IEND", "")), "image_damaged");
}

TEST(DecodeTest, SaysNothingOnStandardError) {
  std::string warned = MakeForeignPng(4, 4, 8, 6, false);
  warned.insert(33, PngChunk("gAMA", "too long for a gamma") + PngChunk("tIME", "x"));
  ::testing::internal::CaptureStderr();
  (void)Decode(warned).ok();
  (void)Decode(warned.substr(0, 60)).ok();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(EncodeTest, KeepsEveryPixel) {
  for (const Bitmap& bitmap :
       {Gradient({100, 80}), Gradient({100, 80}, 77), Plain({3, 3}, {9, 8, 7}),
        Plain({1, 1}, {0, 0, 0}), Plain({17, 3}, {9, 8, 7}, 1), Disc(40, {200, 100, 50})}) {
    const std::string png = Encode(bitmap).value();
    const auto decoded = Decode(png);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    ASSERT_EQ(decoded.value().size(), bitmap.size());
    for (std::size_t i = 0; i < bitmap.rgba.size(); ++i) {
      // Under full transparency there is no colour to keep.
      const bool is_transparent = bitmap.rgba[i | 3] == 0;
      const int expected = is_transparent ? 0 : bitmap.rgba[i];
      ASSERT_EQ(decoded.value().rgba[i], expected) << i;
    }
    EXPECT_EQ(Encode(bitmap).value(), png);
  }
}

TEST(EncodeTest, ChoosesTheSmallestKind) {
  const auto type = [](const Bitmap& bitmap) {
    return Inspect(Encode(bitmap).value()).value().color_type;
  };
  EXPECT_EQ(type(Plain({50, 50}, {1, 2, 3}, 9)), PngColorType::kPalette);
  EXPECT_EQ(type(Gradient({100, 100})), PngColorType::kRgb);
  EXPECT_EQ(type(Gradient({100, 100}, 9)), PngColorType::kRgba);
}

TEST(EncodeTest, SatisfiesPngfix) {
  const ScratchDirectory scratch;
  scratch.Write("a.png", Encode(Gradient({100, 80}, 77)).value());
  scratch.Write("b.png", Encode(Disc(40, {1, 2, 3})).value());
  const auto outcome =
      RunProgram("pngfix -q " + scratch.Path("a.png") + " " + scratch.Path("b.png"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

}  // namespace
}  // namespace passmint::image
