#include "image/qr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/png.h"
#include "support/outside_program.h"
#include "unit/image/pictures.h"

namespace passmint::image {
namespace {

using passmint::testing::RunProgram;
using passmint::testing::ScratchDirectory;
using ::testing::HasSubstr;
using ::testing::Not;

// What zbar reads from the picture.
std::string Scan(const std::string& png) {
  const ScratchDirectory scratch;
  const auto outcome = RunProgram("zbarimg -q --raw -Sdisable -Sqrcode.enable --nodbus " +
                                  scratch.Write("qr.png", png));
  return outcome.exit_code == 0 ? outcome.output : "exit " + std::to_string(outcome.exit_code);
}

// The terminal's text drawn as a terminal with dark background would, 4 pixels a module.
Bitmap DrawTerminal(const std::string& text) {
  std::vector<std::vector<bool>> dark;
  const std::string colors = "\x1b[38;5;16;48;5;231m";
  const std::string reset = "\x1b[0m\n";
  for (std::size_t at = 0; at < text.size();) {
    EXPECT_EQ(text.substr(at, colors.size()), colors);
    at += colors.size();
    std::vector<bool> upper;
    std::vector<bool> lower;
    while (text.compare(at, reset.size(), reset) != 0) {
      const bool blank = text[at] == ' ';
      const std::string block = blank ? " " : text.substr(at, 3);
      upper.push_back(block == "\u2588" || block == "\u2580");
      lower.push_back(block == "\u2588" || block == "\u2584");
      at += block.size();
    }
    at += reset.size();
    dark.push_back(upper);
    dark.push_back(lower);
  }
  constexpr int kScale = 4;
  Bitmap bitmap = testing::Plain(
      {static_cast<int>(dark[0].size()) * kScale, static_cast<int>(dark.size()) * kScale},
      {255, 255, 255});
  for (std::size_t i = 0; i < bitmap.rgba.size(); ++i) {
    const std::size_t pixel = i / 4;
    const auto width = static_cast<std::size_t>(bitmap.width);
    if (i % 4 != 3 && dark[pixel / width / kScale][pixel % width / kScale]) bitmap.rgba[i] = 0;
  }
  return bitmap;
}

TEST(QrTest, IsReadByZbarFromThePng) {
  for (const std::string& text :
       {std::string("4912345678904"), std::string("https://cards.example/c/0Ab9Zz0Ab9Zz0Ab9Zz0Ab9"),
        std::string("Карта № 1"), std::string(300, 'x')}) {
    const auto qr = MakeQr(text);
    ASSERT_TRUE(qr.ok()) << qr.error().message;
    EXPECT_EQ(Scan(QrToPng(qr.value(), 5).value()), text + "\n");
  }
}

TEST(QrTest, IsReadByZbarFromTheTerminal) {
  const std::string text = "https://cards.example/c/0Ab9Zz0Ab9Zz0Ab9Zz0Ab9";
  const std::string drawn = QrToTerminal(MakeQr(text).value());
  EXPECT_EQ(Scan(Encode(DrawTerminal(drawn)).value()), text + "\n");
}

// rsvg and browsers draw the path; here each rectangle of it is drawn by hand.
TEST(QrTest, DrawsTheSameModulesInSvg) {
  const QrMatrix qr = MakeQr("https://cards.example/c/abc").value();
  const std::string svg = QrToSvg(qr, "Card");
  std::vector<std::uint8_t> drawn(qr.dark.size(), std::uint8_t{0});
  const std::string start = "fill=\"#000\" d=\"";
  const char* at = svg.c_str() + svg.find(start) + start.size();
  int x = 0;
  int y = 0;
  int run = 0;
  int back = 0;
  int read = 0;
  while (std::sscanf(at, "M%d %dh%dv1h-%dz%n", &x, &y, &run, &back, &read) == 4) {
    EXPECT_EQ(run, back);
    for (int i = 0; i < run; ++i) {
      const int module = (y - kQrQuietZone) * qr.side + x - kQrQuietZone + i;
      drawn.at(static_cast<std::size_t>(module)) = 1;
    }
    at += read;
  }
  EXPECT_EQ(std::string(at), "\"/></svg>\n");
  EXPECT_EQ(drawn, qr.dark);
  const std::string side = std::to_string(qr.side + 8);
  EXPECT_THAT(svg, HasSubstr("viewBox=\"0 0 " + side + " " + side + "\""));
}

TEST(QrTest, NamesTheSvgForScreenReadersAndEscapesIt) {
  const std::string svg = QrToSvg(MakeQr("x").value(), "<b>Карта & \"друзья\"\x01\u0085</b>");
  EXPECT_THAT(svg, HasSubstr("role=\"img\""));
  EXPECT_THAT(svg, HasSubstr("<title>&lt;b&gt;Карта &amp; \"друзья\"&lt;/b&gt;</title>"));
  EXPECT_THAT(svg, Not(HasSubstr("style")));
}

TEST(QrTest, IsWellFormedXml) {
  const ScratchDirectory scratch;
  const std::string file =
      scratch.Write("qr.svg", QrToSvg(MakeQr("x").value(), "a]]> & <b> \uFFFF"));
  const auto outcome =
      RunProgram("python3 -c \"import xml.dom.minidom as m; m.parse('" + file + "')\"");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

TEST(QrTest, PacksDigitsTighter) {
  EXPECT_LT(MakeQr(std::string(60, '7')).value().side, MakeQr(std::string(60, 'x')).value().side);
}

TEST(QrTest, HoldsAsMuchAsTheLargestSymbolAndNotMore) {
  const auto largest = MakeQr(std::string(kMaxQrBytes, 'x'));
  ASSERT_TRUE(largest.ok());
  EXPECT_EQ(largest.value().side, 177);
  EXPECT_EQ(MakeQr(std::string(kMaxQrBytes + 1, 'x')).error().reason, "qr_text");
}

TEST(QrTest, RefusesWhatIsNoText) {
  using namespace std::string_literals;
  for (const std::string& text : {""s, "a\0b"s, "\xff"s}) {
    EXPECT_EQ(MakeQr(text).error().reason, "qr_text");
  }
}

TEST(QrTest, DrawsAtTheScalesThatItAllows) {
  const QrMatrix qr = MakeQr("x").value();
  EXPECT_EQ(Inspect(QrToPng(qr, 1).value()).value().width, 29u);
  EXPECT_EQ(Inspect(QrToPng(qr, 32).value()).value().width, 29u * 32);
  EXPECT_EQ(QrToPng(qr, 0).error().reason, "image_size");
  EXPECT_EQ(QrToPng(qr, 33).error().reason, "image_size");
}

TEST(QrTest, TakesFewBytesAsPng) {
  EXPECT_LT(QrToPng(MakeQr("https://cards.example/c/0Ab9Zz").value(), 8).value().size(), 2000u);
}

}  // namespace
}  // namespace passmint::image
