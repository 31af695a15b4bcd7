#include "image/qr.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "base/utf8.h"
#include "image/png.h"

namespace passmint::image {
namespace {

struct FreeQr {
  void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};

Error BadText(const char* message) {
  return {.code = ErrorCode::kInvalidArgument, .message = message, .reason = "qr_text"};
}

// Text for an XML element: markup escaped, and without what XML 1.0 forbids (section 2.2), which of
// UTF-8 are the control characters, U+FFFE and U+FFFF.
std::string EscapeXml(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = NextCodePoint(text, at);
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFE || c == 0xFFFF) continue;
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += text.substr(start, at - start);
    }
  }
  return out;
}

// Dark or light, with the quiet zone around: all of it is light.
bool IsDarkWithZone(const QrMatrix& qr, int x, int y) {
  x -= kQrQuietZone;
  y -= kQrQuietZone;
  return x >= 0 && y >= 0 && x < qr.side && y < qr.side && qr.IsDark(x, y);
}

}  // namespace

Result<QrMatrix> MakeQr(std::string_view text) {
  if (text.empty()) return BadText("a QR code needs a text");
  if (text.size() > kMaxQrBytes) return BadText("the text is too long for a QR code (2331 bytes)");
  if (text.find('\0') != std::string_view::npos || !IsUtf8(text)) {
    return BadText("the text of a QR code must be UTF-8 without zero bytes");
  }
  constexpr int kSmallestVersion = 0;
  constexpr int kCaseSensitive = 1;
  const std::unique_ptr<QRcode, FreeQr> code(QRcode_encodeString(
      std::string(text).c_str(), kSmallestVersion, QR_ECLEVEL_M, QR_MODE_8, kCaseSensitive));
  if (!code) return BadText("the text is too long for a QR code");
  QrMatrix qr;
  qr.side = code->width;
  const std::size_t modules = static_cast<std::size_t>(qr.side) * static_cast<std::size_t>(qr.side);
  // Of each module's byte only the lowest bit is its colour (qrencode.h).
  for (std::size_t i = 0; i < modules; ++i) qr.dark.push_back(code->data[i] & 1);
  return qr;
}

std::string QrToSvg(const QrMatrix& qr, std::string_view title) {
  const int side = qr.side + 2 * kQrQuietZone;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" role=\"img\" "
      "shape-rendering=\"crispEdges\"><title>{1}</title>"
      "<path fill=\"#fff\" d=\"M0 0h{0}v{0}h-{0}z\"/><path fill=\"#000\" d=\"",
      side, EscapeXml(title));
  // One rectangle a run of dark modules.
  for (int y = 0; y < qr.side; ++y) {
    for (int x = 0; x < qr.side; ++x) {
      if (!qr.IsDark(x, y)) continue;
      const int start = x;
      while (x + 1 < qr.side && qr.IsDark(x + 1, y)) ++x;
      fmt::format_to(std::back_inserter(out), "M{} {}h{}v1h-{}z", start + kQrQuietZone,
                     y + kQrQuietZone, x - start + 1, x - start + 1);
    }
  }
  return out + "\"/></svg>\n";
}

Result<std::string> QrToPng(const QrMatrix& qr, int scale) {
  constexpr int kMaxScale = 32;
  if (scale < 1 || scale > kMaxScale) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "a QR code's module is 1 to 32 pixels wide",
                 .reason = "image_size"};
  }
  const int side = (qr.side + 2 * kQrQuietZone) * scale;
  Bitmap bitmap = MakeBitmap({side, side});
  std::uint8_t* pixel = bitmap.rgba.data();
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x, pixel += 4) {
      const bool dark = IsDarkWithZone(qr, x / scale, y / scale);
      std::fill_n(pixel, 3, static_cast<std::uint8_t>(dark ? 0 : 255));
      pixel[3] = 255;
    }
  }
  return Encode(bitmap);
}

std::string QrToTerminal(const QrMatrix& qr) {
  // 16 and 231: black and white of the 6 x 6 x 6 cube.
  constexpr const char* kBlackOnWhite = "\x1b[38;5;16;48;5;231m";
  constexpr const char* kReset = "\x1b[0m";
  const int side = qr.side + 2 * kQrQuietZone;
  std::string out;
  for (int y = 0; y < side; y += 2) {
    out += kBlackOnWhite;
    for (int x = 0; x < side; ++x) {
      const bool upper = IsDarkWithZone(qr, x, y);
      const bool lower = IsDarkWithZone(qr, x, y + 1);
      out += upper ? (lower ? "\u2588" : "\u2580") : (lower ? "\u2584" : " ");
    }
    out += kReset;
    out += '\n';
  }
  return out;
}

}  // namespace passmint::image
