#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

// The zip format as far as we write and read it (PKWARE APPNOTE.TXT 6.3.10): for each file a local
// header (4.3.7) and its data; then for each file a central directory header (4.3.12) that repeats
// most of it and points to the local one; then the end record (4.3.16) that points to the
// directory. All numbers are little-endian.
namespace passmint::zip::internal {

inline constexpr std::uint32_t kLocalSignature = 0x0403'4b50;
inline constexpr std::uint32_t kCentralSignature = 0x0201'4b50;
inline constexpr std::uint32_t kEndSignature = 0x0605'4b50;
inline constexpr std::uint32_t kZip64LocatorSignature = 0x0706'4b50;

// Without name, extra field and comment.
inline constexpr std::size_t kLocalBytes = 30;
inline constexpr std::size_t kCentralBytes = 46;
inline constexpr std::size_t kEndBytes = 22;
inline constexpr std::size_t kZip64LocatorBytes = 20;

// 4.4.4.
inline constexpr std::uint16_t kFlagEncrypted = 1 << 0;
inline constexpr std::uint16_t kFlagDataDescriptor = 1 << 3;
inline constexpr std::uint16_t kFlagStrongEncryption = 1 << 6;
inline constexpr std::uint16_t kFlagUtf8 = 1 << 11;
inline constexpr std::uint16_t kFlagMaskedHeader = 1 << 13;

// 4.4.5.
inline constexpr std::uint16_t kMethodStore = 0;
inline constexpr std::uint16_t kMethodDeflate = 8;

// 1980-01-01 00:00, the earliest time that the format knows (4.4.6).
inline constexpr std::uint16_t kDosTime = 0;
inline constexpr std::uint16_t kDosDate = 0x21;

// A regular file with mode 0644, in the upper half of the external attributes (4.4.15; Unix's
// st_mode).
inline constexpr std::uint32_t kRegularFile0644 = std::uint32_t{0100644} << 16;

inline void Put16(std::string& out, std::uint16_t value) {
  const char bytes[] = {static_cast<char>(value & 0xff), static_cast<char>(value >> 8)};
  out.append(bytes, sizeof bytes);
}

inline void Put32(std::string& out, std::uint32_t value) {
  Put16(out, static_cast<std::uint16_t>(value & 0xffff));
  Put16(out, static_cast<std::uint16_t>(value >> 16));
}

// REQUIRES: at + 2 <= bytes.size().
inline std::uint16_t Get16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) |
                                    static_cast<unsigned char>(bytes[at + 1]) << 8);
}

// REQUIRES: at + 4 <= bytes.size().
inline std::uint32_t Get32(std::string_view bytes, std::size_t at) {
  return Get16(bytes, at) | static_cast<std::uint32_t>(Get16(bytes, at + 2)) << 16;
}

struct EndOfArchive {
  std::uint16_t entries = 0;
  std::uint32_t directory_bytes = 0;
  std::uint32_t directory_offset = 0;
};

// The end record, without a comment.
std::string EndRecord(const EndOfArchive& end);

// The size of an archive to be, at most: as if all were stored.
class ArchiveSize {
 public:
  ArchiveSize() = default;
  ArchiveSize(std::size_t entries, std::size_t bytes_without_end)
      : entries_(entries), bytes_(bytes_without_end + kEndBytes) {}

  void Add(std::size_t name_bytes, std::size_t data_bytes);

  // Fails with kTooLarge beyond kMaxEntries or kMaxArchiveBytes.
  Status Check() const;

  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t entries_ = 0;
  std::size_t bytes_ = kEndBytes;
};

}  // namespace passmint::zip::internal
