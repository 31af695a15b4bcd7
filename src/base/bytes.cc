#include "base/bytes.h"

#include <array>
#include <cstdint>

namespace passmint {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Encode(std::string_view bytes, std::string_view alphabet, bool padded) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    std::uint32_t group = static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << 16;
    if (left > 1)
      group |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i + 1])) << 8;
    if (left > 2) group |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i + 2]));
    text += alphabet[group >> 18 & 63];
    text += alphabet[group >> 12 & 63];
    if (left > 1)
      text += alphabet[group >> 6 & 63];
    else if (padded)
      text += '=';
    if (left > 2)
      text += alphabet[group & 63];
    else if (padded)
      text += '=';
  }
  return text;
}

Error NotBase64() { return {.code = ErrorCode::kInvalidArgument, .message = "not base64"}; }

std::array<std::int8_t, 256> Inverse(std::string_view alphabet) {
  std::array<std::int8_t, 256> inverse;
  inverse.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    inverse[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return inverse;
}

// `text` without padding.
Result<std::string> Decode(std::string_view text, const std::array<std::int8_t, 256>& inverse) {
  if (text.size() % 4 == 1) return NotBase64();
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::int8_t value = inverse[static_cast<unsigned char>(c)];
    if (value < 0) return NotBase64();
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(group >> bits & 0xff);
    }
  }
  // The bits that are left over must be zero, else two texts would stand for the same bytes.
  if ((group & ((1u << bits) - 1)) != 0) return NotBase64();
  return bytes;
}

}  // namespace

std::string ToHex(std::string_view bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kHexDigits[byte >> 4];
    hex += kHexDigits[byte & 15];
  }
  return hex;
}

Result<std::string> FromHex(std::string_view hex) {
  const Error not_hex{.code = ErrorCode::kInvalidArgument, .message = "not hexadecimal"};
  if (hex.size() % 2 != 0) return not_hex;
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexValue(hex[i]);
    const int low = HexValue(hex[i + 1]);
    if (high < 0 || low < 0) return not_hex;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string ToBase64(std::string_view bytes) { return Encode(bytes, kAlphabet, true); }

std::string ToBase64Url(std::string_view bytes) { return Encode(bytes, kUrlAlphabet, false); }

Result<std::string> FromBase64(std::string_view text) {
  static const auto inverse = Inverse(kAlphabet);
  if (text.size() % 4 != 0) return NotBase64();
  if (text.ends_with("=="))
    text.remove_suffix(2);
  else if (text.ends_with("="))
    text.remove_suffix(1);
  return Decode(text, inverse);
}

Result<std::string> FromBase64Url(std::string_view text) {
  static const auto inverse = Inverse(kUrlAlphabet);
  return Decode(text, inverse);
}

}  // namespace passmint
