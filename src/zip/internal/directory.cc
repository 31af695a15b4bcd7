#include "zip/internal/directory.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "zip/internal/format.h"
#include "zip/internal/names.h"

namespace passmint::zip::internal {
namespace {

constexpr std::uint32_t kZip64Marker32 =
    0xffff'ffff;  // The real value is in a ZIP64 field (4.4.8).
constexpr std::uint16_t kZip64Marker16 = 0xffff;

// The upper half of the external attributes is Unix's st_mode; its upper four bits are the type.
constexpr std::uint32_t kTypeSymlink = 0xA;

Error Damaged(std::string_view message, std::string_view name = {}) {
  return ReadError(ErrorCode::kInvalidSyntax, "zip_damaged", message, name);
}

Error BadFormat(std::string_view message, std::string_view name = {}) {
  return ReadError(ErrorCode::kUnsupported, "zip_format", message, name);
}

Error TooLarge(const std::string& message, std::string_view name = {}) {
  return ReadError(ErrorCode::kTooLarge, "zip_too_large", message, name);
}

// A central directory header before its local header has been looked at.
struct CentralHeader {
  Header header;
  std::uint16_t flags = 0;
  std::uint32_t packed_size = 0;
  std::uint32_t attributes = 0;
  std::uint32_t local_offset = 0;
  std::uint16_t disk = 0;
};

// The place of the end record: the last one whose comment ends where the bytes end.
std::optional<std::size_t> FindEnd(std::string_view bytes) {
  constexpr std::size_t kMaxComment = 0xffff;
  if (bytes.size() < kEndBytes) return std::nullopt;
  const std::size_t last = bytes.size() - kEndBytes;
  const std::size_t first = last > kMaxComment ? last - kMaxComment : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (Get32(bytes, at) == kEndSignature && Get16(bytes, at + 20) == last - at) return at;
  }
  return std::nullopt;
}

Result<EndOfArchive> ReadEnd(std::string_view bytes, std::size_t end, const ReadLimits& limits) {
  const EndOfArchive record = {.entries = Get16(bytes, end + 10),
                               .directory_bytes = Get32(bytes, end + 12),
                               .directory_offset = Get32(bytes, end + 16)};
  const bool has_locator =
      end >= kZip64LocatorBytes && Get32(bytes, end - kZip64LocatorBytes) == kZip64LocatorSignature;
  if (has_locator || record.entries == kZip64Marker16 ||
      record.directory_offset == kZip64Marker32) {
    return BadFormat("is ZIP64, which Wallet is not known to read");
  }
  if (Get16(bytes, end + 4) != 0 || Get16(bytes, end + 6) != 0 ||
      Get16(bytes, end + 8) != record.entries) {
    return BadFormat("is split over several disks");
  }
  if (record.entries > limits.entries) {
    return TooLarge("has " + std::to_string(record.entries) + " entries; at most " +
                    std::to_string(limits.entries) + " are read");
  }
  if (std::uint64_t{record.directory_offset} + record.directory_bytes != end) {
    return Damaged("has bytes before its first file or a directory of another size than it says");
  }
  return record;
}

// The central header at `at`, which moves behind it. `directory` ends where the headers end.
Result<CentralHeader> ReadCentral(std::string_view directory, std::size_t& at) {
  if (directory.size() - at < kCentralBytes || Get32(directory, at) != kCentralSignature) {
    return Damaged("has fewer directory headers than it says");
  }
  const std::size_t name_bytes = Get16(directory, at + 28);
  const std::size_t rest =
      name_bytes + Get16(directory, at + 30) + std::size_t{Get16(directory, at + 32)};
  if (directory.size() - at - kCentralBytes < rest) {
    return Damaged("has a directory header that ends behind the directory");
  }
  CentralHeader central;
  central.flags = Get16(directory, at + 8);
  central.header.method = Get16(directory, at + 10);
  central.header.crc = Get32(directory, at + 16);
  central.packed_size = Get32(directory, at + 20);
  central.header.size = Get32(directory, at + 24);
  central.disk = Get16(directory, at + 34);
  central.attributes = Get32(directory, at + 38);
  central.local_offset = Get32(directory, at + 42);
  central.header.name = directory.substr(at + kCentralBytes, name_bytes);
  at += kCentralBytes + rest;
  return central;
}

// A directory's name is checked without its final "/".
Status CheckHeaderName(std::string_view name) {
  if (name.size() > 1 && name.back() == '/') name.remove_suffix(1);
  return CheckName(name);
}

Status CheckSupported(const CentralHeader& central, const ReadLimits& limits) {
  const Header& header = central.header;
  if ((central.flags & (kFlagEncrypted | kFlagStrongEncryption | kFlagMaskedHeader)) != 0) {
    return ReadError(ErrorCode::kUnsupported, "zip_encrypted", "is encrypted", header.name);
  }
  if (central.packed_size == kZip64Marker32 || header.size == kZip64Marker32 ||
      central.local_offset == kZip64Marker32) {
    return BadFormat("needs ZIP64, which Wallet is not known to read", header.name);
  }
  if (central.disk != 0) return BadFormat("is on another disk", header.name);
  if (central.attributes >> 28 == kTypeSymlink) {
    return ReadError(ErrorCode::kUnsupported, "zip_symlink", "is a symbolic link", header.name);
  }
  if (header.method != kMethodStore && header.method != kMethodDeflate) {
    return ReadError(ErrorCode::kUnsupported, "zip_method",
                     "is compressed by method " + std::to_string(header.method) +
                         "; Wallet reads 0 (store) and 8 (deflate)",
                     header.name);
  }
  if (header.size > limits.entry_bytes) {
    return TooLarge("has " + std::to_string(header.size) + " bytes; at most " +
                        std::to_string(limits.entry_bytes) + " are read",
                    header.name);
  }
  if (header.method == kMethodStore && central.packed_size != header.size) {
    return Damaged("is stored in another size than it has", header.name);
  }
  if (header.IsDirectory() && header.size != 0) {
    return Damaged("is a directory with content", header.name);
  }
  return {};
}

// What the local header repeats must agree, lest one reader sees another file than the next. With a
// data descriptor the local header says zeros (4.4.4), or the truth (Info-ZIP).
bool Agrees(std::string_view bytes, std::size_t at, const CentralHeader& central) {
  const std::uint16_t flags = Get16(bytes, at + 6);
  const auto same = [&](std::size_t offset, std::uint32_t expected) {
    const std::uint32_t value = Get32(bytes, at + offset);
    return value == expected || (value == 0 && (flags & kFlagDataDescriptor) != 0);
  };
  return (flags & kFlagEncrypted) == 0 && Get16(bytes, at + 8) == central.header.method &&
         same(14, central.header.crc) && same(18, central.packed_size) &&
         same(22, central.header.size) &&
         bytes.substr(at + kLocalBytes, Get16(bytes, at + 26)) == central.header.name;
}

// The file with its data, from the local header. `files` ends where the central directory starts.
Result<Header> FindData(std::string_view files, const CentralHeader& central) {
  const std::string_view name = central.header.name;
  const std::size_t at = central.local_offset;
  if (at > files.size() || files.size() - at < kLocalBytes || Get32(files, at) != kLocalSignature) {
    return Damaged("has no local header where the directory says", name);
  }
  if (!Agrees(files, at, central)) {
    return Damaged("is described otherwise in its local header than in the directory", name);
  }
  const std::size_t data_at = at + kLocalBytes + Get16(files, at + 26) + Get16(files, at + 28);
  if (data_at > files.size() || files.size() - data_at < central.packed_size) {
    return Damaged("reaches into the directory", name);
  }
  Header header = central.header;
  header.data = files.substr(data_at, central.packed_size);
  return header;
}

// Shared bytes are how a small archive unpacks to a huge one
// (https://www.usenix.org/conference/woot19/presentation/fifield).
Status CheckNoOverlap(const std::vector<Header>& headers) {
  std::vector<std::string_view> ranges;
  ranges.reserve(headers.size());
  for (const Header& header : headers) ranges.push_back(header.data);
  std::ranges::sort(ranges, {}, [](std::string_view range) { return range.data(); });
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i - 1].data() + ranges[i - 1].size() > ranges[i].data()) {
      return Damaged("has files that share bytes");
    }
  }
  return {};
}

}  // namespace

Error ReadError(ErrorCode code, const char* reason, std::string_view message,
                std::string_view name) {
  std::string text = "archive ";
  if (!name.empty()) text = "file " + Quote(name) + " of the archive ";
  return {.code = code, .message = text + std::string(message), .reason = reason};
}

Result<std::vector<Header>> ReadDirectory(std::string_view bytes, const ReadLimits& limits) {
  const auto end = FindEnd(bytes);
  if (!end) {
    return ReadError(
        ErrorCode::kInvalidSyntax, "zip_not_an_archive",
        "has no end record: it is no zip file, cut short, or has bytes behind its end");
  }
  const Result<EndOfArchive> record = ReadEnd(bytes, *end, limits);
  if (!record.ok()) return record.error();
  const std::size_t offset = record.value().directory_offset;
  const std::string_view files = bytes.substr(0, offset);
  const std::string_view directory = bytes.substr(offset, *end - offset);

  std::vector<Header> headers;
  std::uint64_t total = 0;
  std::size_t at = 0;
  for (unsigned i = 0; i < record.value().entries; ++i) {
    const Result<CentralHeader> central = ReadCentral(directory, at);
    if (!central.ok()) return central.error();
    if (const Status fine = CheckHeaderName(central.value().header.name); !fine.ok()) {
      return fine.error();
    }
    if (const Status fine = CheckSupported(central.value(), limits); !fine.ok()) {
      return fine.error();
    }
    total += central.value().header.size;
    if (total > limits.total_bytes) {
      return TooLarge("unpacks to more than " + std::to_string(limits.total_bytes) + " bytes");
    }
    Result<Header> header = FindData(files, central.value());
    if (!header.ok()) return header.error();
    headers.push_back(std::move(header).value());
  }
  if (at != directory.size()) return Damaged("has more directory headers than it says");
  if (const Status fine = CheckNoOverlap(headers); !fine.ok()) return fine.error();
  return headers;
}

Status CheckUnique(const std::vector<Header>& headers) {
  // With "/" as the smallest byte of all (control characters are refused), what lies in "a" comes
  // right behind "a" in the order.
  constexpr char kSlash = '\x01';
  struct Path {
    std::string key;
    const Header* header = nullptr;
  };
  std::vector<Path> paths;
  for (const Header& header : headers) {
    std::string key(header.name.substr(0, header.name.size() - (header.IsDirectory() ? 1 : 0)));
    for (char& c : key) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      if (c == '/') c = kSlash;
    }
    paths.push_back({std::move(key), &header});
  }
  std::ranges::sort(paths, {}, &Path::key);
  for (std::size_t i = 1; i < paths.size(); ++i) {
    const Path& one = paths[i - 1];
    const Path& next = paths[i];
    if (one.key == next.key) return DuplicateName(next.header->name);
    if (!one.header->IsDirectory() && next.key.starts_with(one.key + kSlash)) {
      return ReadError(ErrorCode::kInvalidArgument, "zip_duplicate_name",
                       "is also a directory of it", one.header->name);
    }
  }
  return {};
}

}  // namespace passmint::zip::internal
