#include "crypto/token.h"

#include <cassert>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace passmint::crypto {

std::string MakeToken(Random& random, std::size_t length) {
  constexpr std::string_view kAlphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  // The largest multiple of 62 in a byte: bytes from there on would favour the first characters.
  constexpr unsigned kFair = 256 / kAlphabet.size() * kAlphabet.size();
  std::string token;
  token.reserve(length);
  while (token.size() < length) {
    // One in 32 bytes is refused; a few more at once save a second call nearly always.
    for (const char byte : random.Bytes(length - token.size() + 4)) {
      const unsigned value = static_cast<unsigned char>(byte);
      if (value < kFair && token.size() < length) token += kAlphabet[value % kAlphabet.size()];
    }
  }
  return token;
}

std::string MakeUuidV7(Timestamp now, Random& random) {
  const std::int64_t micros = ToMicros(now);
  assert(micros >= 0);
  const auto millis = static_cast<std::uint64_t>(micros / 1000);
  // The fraction of the millisecond in units of 1/4096 ms, rounded down: it keeps the order.
  const auto fraction = static_cast<std::uint64_t>(micros % 1000) * 4096 / 1000;
  std::string bytes;
  bytes.reserve(16);
  for (int shift = 40; shift >= 0; shift -= 8) bytes += static_cast<char>(millis >> shift & 0xff);
  bytes += static_cast<char>(0x70 | fraction >> 8);
  bytes += static_cast<char>(fraction & 0xff);
  bytes += random.Bytes(8);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3f) | 0x80);
  return ToHex(bytes);
}

}  // namespace passmint::crypto
