#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/timestamp.h"

// The alphabet of the ledger's bytes: LEB128 varints in their shortest form, zigzag where a number
// may be negative, text with its length before it. One value has one encoding, and Reader refuses
// every other.

namespace passmint::ledger::internal {

// Of one text. Ids of callers end at 128 characters, so at 512 bytes of UTF-8.
inline constexpr std::size_t kTextBytesMax = 4096;

// Of one encoding. A merge of two accounts of 100,000 lots each is about 8 MB.
inline constexpr std::size_t kBytesMax = std::size_t{64} * 1024 * 1024;

class Writer {
 public:
  // `expected` bytes are set aside at once.
  explicit Writer(std::size_t expected) { bytes_.reserve(expected); }

  void Unsigned(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    bytes_.push_back(static_cast<char>(value));
  }
  void Signed(std::int64_t value);
  // REQUIRES: 0 <= value <= kAmountMax.
  void Amount(std::int64_t value);
  // Ids and sequences. REQUIRES: 0 <= value.
  void Natural(std::int64_t value);
  // REQUIRES: at most kTextBytesMax.
  void Text(std::string_view text);
  // REQUIRES: neither is before 1970.
  void Time(Timestamp instant, Timestamp relative_to);

  std::string Take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what Writer wrote. After the first failure everything reads as zero or empty and the
// failure stays, so that callers look once, at the end (and in loops).
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {
    if (bytes.size() > kBytesMax) Fail("too long");
  }

  std::uint64_t Unsigned();
  std::int64_t Signed();
  std::int64_t Amount();   // Refuses what is beyond kAmountMax.
  std::int64_t Natural();  // Refuses what does not fit int64.
  std::string Text();
  Timestamp Time(Timestamp relative_to);  // Refuses what is before 1970.
  // The number of elements that follow; each takes at least one byte.
  std::size_t Count();
  // A number that stands for one of Enum's values, of which `last` is the last.
  template <class Enum>
  Enum OneOf(Enum last) {
    const std::uint64_t value = Unsigned();
    if (value > static_cast<std::uint64_t>(last)) Fail("an unknown kind");
    return ok() ? static_cast<Enum>(value) : Enum{};
  }
  // A set of bits, all below 1 << `bits`.
  std::uint64_t Flags(int bits);

  // Marks what was read last as no encoding of ours.
  void Fail(const char* problem);
  // Fails unless `holds`: for what has a shorter encoding.
  void Require(bool holds) {
    if (!holds) Fail("not the shortest form");
  }
  bool ok() const { return problem_ == nullptr; }

  // Whether all was read without failure. kInternal, "<what>, byte 17: the text ends too early".
  Status Finish(std::string_view what);

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  const char* problem_ = nullptr;
  std::size_t problem_at_ = 0;
};

}  // namespace passmint::ledger::internal
