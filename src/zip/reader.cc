#include "zip/reader.h"

#include <zlib.h>

#include <utility>

#include "zip/internal/directory.h"
#include "zip/internal/format.h"

// Not libzip: it reads what must be refused here (repeated names, a local header that contradicts
// the directory, ZIP64) without a word, hides local headers, and tries every end record it finds,
// which takes quadratic time. Headers are ours to check; inflating is zlib's.
namespace passmint::zip {
namespace {

using internal::Header;

// Fails with "zip_damaged" unless `header.data` inflates to exactly `header.size` bytes.
Result<std::string> Inflate(const Header& header) {
  const auto damaged = [&] {
    return internal::ReadError(ErrorCode::kInvalidSyntax, "zip_damaged",
                               "does not inflate to the size it says", header.name);
  };
  z_stream stream = {};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {  // Negative: no zlib header around it.
    return Error{.code = ErrorCode::kUnavailable, .message = "inflate: out of memory"};
  }
  // One byte more than it says, so that zlib always has room to find the end, and too much shows.
  std::string bytes(std::size_t{header.size} + 1, '\0');
  // zlib only reads from next_in, which is not const for historical reasons.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(header.data.data()));
  stream.avail_in = static_cast<uInt>(header.data.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  const int outcome = inflate(&stream, Z_FINISH);
  const bool exact = stream.avail_in == 0 && stream.avail_out == 1;
  inflateEnd(&stream);
  if (outcome != Z_STREAM_END || !exact) return damaged();
  bytes.pop_back();
  return bytes;
}

Result<Entry> Unpack(const Header& header) {
  Entry entry{.name = std::string(header.name), .bytes = {}};
  if (header.method == internal::kMethodDeflate) {
    Result<std::string> bytes = Inflate(header);
    if (!bytes.ok()) return std::move(bytes).error();
    entry.bytes = std::move(bytes).value();
    entry.compression = Compression::kDeflate;
  } else {
    entry.bytes = std::string(header.data);
  }
  const auto* data = reinterpret_cast<const Bytef*>(entry.bytes.data());
  if (crc32_z(0, data, entry.bytes.size()) != header.crc) {
    return internal::ReadError(ErrorCode::kInvalidSyntax, "zip_bad_checksum",
                               "does not match its CRC-32", header.name);
  }
  return entry;
}

}  // namespace

Result<Archive> ReadArchive(std::string_view bytes, const ReadLimits& limits) {
  const Result<std::vector<Header>> headers = internal::ReadDirectory(bytes, limits);
  if (!headers.ok()) return headers.error();
  if (const Status unique = internal::CheckUnique(headers.value()); !unique.ok()) {
    return unique.error();
  }
  Archive archive;
  for (const Header& header : headers.value()) {
    if (header.IsDirectory()) {
      archive.directories.emplace_back(header.name);
      continue;
    }
    Result<Entry> entry = Unpack(header);
    if (!entry.ok()) return std::move(entry).error();
    archive.entries.push_back(std::move(entry).value());
  }
  return archive;
}

}  // namespace passmint::zip
