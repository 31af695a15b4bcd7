#include "apple/internal/json_text.h"

#include "base/utf8.h"

namespace passmint::apple::internal {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

void AppendEscape(unsigned char byte, std::string& out) {
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHexDigits[byte >> 4];
      out += kHexDigits[byte & 15];
  }
}

bool NeedsEscape(unsigned char byte) { return byte < 0x20 || byte == '"' || byte == '\\'; }

void AppendEscaped(std::string_view text, std::string& out) {
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (!NeedsEscape(byte)) continue;
    out.append(text, run, i - run);
    AppendEscape(byte, out);
    run = i + 1;
  }
  out.append(text, run, text.size() - run);
}

}  // namespace

// The longest well-formed beginnings, and U+FFFD for each byte that belongs to nothing.
std::string RepairedUtf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length <= 4 && length <= text.size() && !IsUtf8(text.substr(0, length))) ++length;
    if (length > 4 || length > text.size()) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
      continue;
    }
    out.append(text, 0, length);
    text.remove_prefix(length);
  }
  return out;
}

void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  if (IsUtf8(text)) {
    AppendEscaped(text, out);
  } else {
    AppendEscaped(RepairedUtf8(text), out);
  }
  out += '"';
}

void AppendDecimal(design::Decimal decimal, std::string& out) {
  if (decimal.exponent <= 0) {
    AppendInteger(decimal.digits, out);
    if (decimal.digits != 0) out.append(static_cast<std::size_t>(-decimal.exponent), '0');
    return;
  }
  const bool negative = decimal.digits < 0;
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(decimal.digits)
                                  : static_cast<std::uint64_t>(decimal.digits);
  char buffer[24];
  char* const end = std::to_chars(buffer, buffer + sizeof buffer, magnitude).ptr;
  std::string digits(buffer, end);
  const auto places = static_cast<std::size_t>(decimal.exponent);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (negative) out += '-';
  out.append(digits, 0, digits.size() - places);
  out += '.';
  out.append(digits, digits.size() - places);
}

}  // namespace passmint::apple::internal
