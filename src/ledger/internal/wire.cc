#include "ledger/internal/wire.h"

#include <cassert>
#include <limits>

#include "ledger/asset.h"

namespace passmint::ledger::internal {
namespace {

constexpr int kVarintBytesMax = 10;  // 64 bits, seven a byte.

constexpr std::uint64_t Zigzag(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return (bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0);
}

constexpr std::int64_t Unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ ((value & 1) != 0 ? ~std::uint64_t{0} : 0));
}

}  // namespace

void Writer::Signed(std::int64_t value) { Unsigned(Zigzag(value)); }

void Writer::Amount(std::int64_t value) {
  assert(value >= 0 && value <= kAmountMax);
  Unsigned(static_cast<std::uint64_t>(value));
}

void Writer::Natural(std::int64_t value) {
  assert(value >= 0);
  Unsigned(static_cast<std::uint64_t>(value));
}

void Writer::Text(std::string_view text) {
  assert(text.size() <= kTextBytesMax);
  Unsigned(text.size());
  bytes_.append(text);
}

void Writer::Time(Timestamp instant, Timestamp relative_to) {
  assert(ToMicros(instant) >= 0 && ToMicros(relative_to) >= 0);
  Signed(ToMicros(instant) - ToMicros(relative_to));
}

std::uint64_t Reader::Unsigned() {
  if (!ok()) return 0;
  std::uint64_t value = 0;
  for (int i = 0; i < kVarintBytesMax; ++i) {
    if (at_ == bytes_.size()) {
      Fail("the bytes end too early");
      return 0;
    }
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      const bool overflows = i == kVarintBytesMax - 1 && byte > 1;
      const bool padded = i > 0 && byte == 0;
      if (!overflows && !padded) return value;
      break;
    }
  }
  Fail("a number that is not in its shortest form or does not fit 64 bits");
  return 0;
}

std::int64_t Reader::Signed() { return Unzigzag(Unsigned()); }

std::int64_t Reader::Amount() {
  const std::uint64_t value = Unsigned();
  if (value <= static_cast<std::uint64_t>(kAmountMax)) return static_cast<std::int64_t>(value);
  Fail("an amount beyond 2^53 - 1");
  return 0;
}

std::int64_t Reader::Natural() {
  const std::uint64_t value = Unsigned();
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return static_cast<std::int64_t>(value);
  }
  Fail("a number that does not fit 63 bits");
  return 0;
}

std::string Reader::Text() {
  const std::uint64_t size = Unsigned();
  if (size > kTextBytesMax) Fail("a text that is too long");
  if (ok() && size > bytes_.size() - at_) Fail("the text ends too early");
  if (!ok()) return {};
  std::string text(bytes_.substr(at_, size));
  at_ += size;
  return text;
}

// Unsigned, because the sum of what others wrote may overflow.
Timestamp Reader::Time(Timestamp relative_to) {
  const std::uint64_t micros =
      static_cast<std::uint64_t>(ToMicros(relative_to)) + static_cast<std::uint64_t>(Signed());
  if (static_cast<std::int64_t>(micros) < 0) Fail("an instant before 1970");
  return ok() ? FromMicros(static_cast<std::int64_t>(micros)) : Timestamp{};
}

std::size_t Reader::Count() {
  const std::uint64_t count = Unsigned();
  if (ok() && count > bytes_.size() - at_) Fail("more elements than bytes");
  return ok() ? count : 0;
}

std::uint64_t Reader::Flags(int bits) {
  const std::uint64_t flags = Unsigned();
  if ((flags >> bits) != 0) Fail("an unknown flag");
  return ok() ? flags : 0;
}

void Reader::Fail(const char* problem) {
  if (!ok()) return;
  problem_ = problem;
  problem_at_ = at_;
}

Status Reader::Finish(std::string_view what) {
  if (at_ != bytes_.size()) Fail("bytes follow after the end");
  if (ok()) return {};
  return Error{
      .code = ErrorCode::kInternal,
      .message = std::string(what) + ", byte " + std::to_string(problem_at_) + ": " + problem_,
      .reason = "ledger_bytes"};
}

}  // namespace passmint::ledger::internal
