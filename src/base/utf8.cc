#include "base/utf8.h"

#include <cstdint>

namespace passmint {
namespace {

unsigned Byte(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

// The length of the well-formed sequence at `i`, or 0. Unicode 15, table 3-7.
std::size_t SequenceLength(std::string_view text, std::size_t i) {
  const unsigned lead = Byte(text, i);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  if (i + length > text.size()) return 0;
  if (Byte(text, i + 1) < low || Byte(text, i + 1) > high) return 0;
  for (std::size_t k = 2; k < length; ++k) {
    if ((Byte(text, i + k) & 0xC0) != 0x80) return 0;
  }
  return length;
}

void AppendBigEndian(std::string& out, std::uint32_t unit) {
  out += static_cast<char>(unit >> 8 & 0xff);
  out += static_cast<char>(unit & 0xff);
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = SequenceLength(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::size_t CodePointCount(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string_view FirstCodePoints(std::string_view text, std::size_t count) {
  std::size_t i = 0;
  while (i < text.size() && count > 0) {
    (void)NextCodePoint(text, i);
    --count;
  }
  return text.substr(0, i);
}

bool HasControlCharacter(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const char32_t point = NextCodePoint(text, i);
    if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return true;
  }
  return false;
}

std::string ToUtf16BeWithBom(std::string_view text) {
  std::string out("\xFE\xFF", 2);
  out.reserve(text.size() * 2 + 2);
  for (std::size_t i = 0; i < text.size();) {
    const auto point = static_cast<std::uint32_t>(NextCodePoint(text, i));
    if (point < 0x10000) {
      AppendBigEndian(out, point);
    } else {
      AppendBigEndian(out, 0xD800 + ((point - 0x10000) >> 10));
      AppendBigEndian(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return out;
}

char32_t NextCodePoint(std::string_view text, std::size_t& position) {
  const unsigned lead = Byte(text, position);
  std::size_t length = 1;
  std::uint32_t point = lead;
  if (lead >= 0xF0) {
    length = 4;
    point = lead & 0x07;
  } else if (lead >= 0xE0) {
    length = 3;
    point = lead & 0x0F;
  } else if (lead >= 0xC0) {
    length = 2;
    point = lead & 0x1F;
  }
  for (std::size_t k = 1; k < length; ++k) point = point << 6 | (Byte(text, position + k) & 0x3F);
  position += length;
  return point;
}

}  // namespace passmint
