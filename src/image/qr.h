#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace passmint::image {

// The most bytes that version 40 holds at level M (ISO/IEC 18004, table 7).
inline constexpr std::size_t kMaxQrBytes = 2331;

// Light modules around the symbol (ISO/IEC 18004, section 6.3.8).
inline constexpr int kQrQuietZone = 4;

// A QR code's modules, without the quiet zone.
struct QrMatrix {
  int side = 0;                    // Modules, 21 to 177.
  std::vector<std::uint8_t> dark;  // side * side, row by row; 1 is dark.

  bool IsDark(int x, int y) const {
    return dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
                static_cast<std::size_t>(x)] != 0;
  }
};

// The smallest QR code of `text` at error correction level M (15 %). Digits and capitals take less
// room than other bytes. Fails with kInvalidArgument ("qr_text") if `text` is empty, has a zero
// byte, is not UTF-8, or is longer than kMaxQrBytes. Safe for concurrent calls.
Result<QrMatrix> MakeQr(std::string_view text);

// A picture of its own, of one path on white, without style attributes or scripts (so that it lives
// under a strict CSP), named `title` for screen readers; characters that XML forbids are left out
// of it. It has no size but a viewBox of one unit a module. REQUIRES: IsUtf8(title).
std::string QrToSvg(const QrMatrix& qr, std::string_view title);

// A PNG of two colours, `scale` pixels a module, 1 to 32. Fails with kInvalidArgument
// ("image_size").
Result<std::string> QrToPng(const QrMatrix& qr, int scale);

// Two modules a character by "half blocks", each line with its own ANSI colours (black on white of
// the 256-colour cube, which themes leave alone), so that it scans from dark and light terminals
// alike.
std::string QrToTerminal(const QrMatrix& qr);

}  // namespace passmint::image
