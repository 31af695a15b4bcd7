#include "zip/prepared_archive.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "zip/internal/format.h"
#include "zip/internal/names.h"
#include "zip/writer.h"

namespace passmint::zip {
namespace {

using internal::Put16;
using internal::Put32;

// What libzip 1.7 writes too, so that a prepared archive equals a written one: made on Unix (3) by
// version 6.3 of the format, readable by version 1.0 (4.4.2, 4.4.3).
constexpr std::uint16_t kMadeBy = 3 << 8 | 63;
constexpr std::uint16_t kNeededForStored = 10;

// The fields that a local header and a central one share, in their order, from "version needed" to
// "bytes of extra field".
void PutCommonFields(std::string& out, const ChangingEntry& entry, std::uint32_t crc) {
  const bool is_ascii =
      std::ranges::all_of(entry.name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const auto size = static_cast<std::uint32_t>(entry.bytes.size());
  Put16(out, kNeededForStored);
  Put16(out, is_ascii ? 0 : internal::kFlagUtf8);
  Put16(out, internal::kMethodStore);
  Put16(out, internal::kDosTime);
  Put16(out, internal::kDosDate);
  Put32(out, crc);
  Put32(out, size);  // As stored,
  Put32(out, size);  // and as it was.
  Put16(out, static_cast<std::uint16_t>(entry.name.size()));
  Put16(out, 0);
}

void PutCentralHeader(std::string& out, const ChangingEntry& entry, std::uint32_t crc,
                      std::uint32_t local_offset) {
  Put32(out, internal::kCentralSignature);
  Put16(out, kMadeBy);
  PutCommonFields(out, entry, crc);
  Put16(out, 0);  // Bytes of comment.
  Put16(out, 0);  // Disk.
  Put16(out, 0);  // Internal attributes.
  Put32(out, internal::kRegularFile0644);
  Put32(out, local_offset);
  out += entry.name;
}

void PutLocalEntry(std::string& out, const ChangingEntry& entry, std::uint32_t crc) {
  Put32(out, internal::kLocalSignature);
  PutCommonFields(out, entry, crc);
  out += entry.name;
  out += entry.bytes;
}

std::uint32_t Crc32(std::string_view bytes) {
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<std::uint32_t>(crc32_z(0, data, bytes.size()));
}

}  // namespace

Result<PreparedArchive> PreparedArchive::Make(std::span<const Entry> fixed) {
  Result<std::string> archive = WriteArchive(fixed);
  if (!archive.ok()) return std::move(archive).error();
  const std::string& bytes = archive.value();

  // Neither WriteArchive's archives nor libzip's have a comment, so the end record is the very end.
  const std::size_t end = bytes.size() - internal::kEndBytes;
  const std::size_t directory = internal::Get32(bytes, end + 16);
  PreparedArchive prepared;
  prepared.records_ = bytes.substr(0, directory);
  prepared.directory_ = bytes.substr(directory, end - directory);
  for (const Entry& entry : fixed) prepared.names_.push_back(entry.name);
  std::ranges::sort(prepared.names_);
  return prepared;
}

Status PreparedArchive::CheckNames(std::span<const ChangingEntry> changing) const {
  std::vector<std::string_view> names;
  names.reserve(changing.size());
  for (const ChangingEntry& entry : changing) names.push_back(entry.name);
  if (Status fine = internal::CheckNames(names); !fine.ok()) return fine;
  for (const std::string_view name : names) {
    if (std::ranges::binary_search(names_, name)) return internal::DuplicateName(name);
  }
  return {};
}

Result<std::string> PreparedArchive::Append(std::span<const ChangingEntry> changing) const {
  internal::ArchiveSize size(names_.size(), records_.size() + directory_.size());
  for (const ChangingEntry& entry : changing) size.Add(entry.name.size(), entry.bytes.size());
  if (const Status fits = size.Check(); !fits.ok()) return fits.error();
  if (const Status fine = CheckNames(changing); !fine.ok()) return fine.error();

  std::string archive;
  archive.reserve(size.bytes());
  archive += records_;
  std::string directory;
  for (const ChangingEntry& entry : changing) {
    const std::uint32_t crc = Crc32(entry.bytes);
    PutCentralHeader(directory, entry, crc, static_cast<std::uint32_t>(archive.size()));
    PutLocalEntry(archive, entry, crc);
  }
  const auto offset = static_cast<std::uint32_t>(archive.size());
  archive += directory_;
  archive += directory;
  archive +=
      internal::EndRecord({.entries = static_cast<std::uint16_t>(names_.size() + changing.size()),
                           .directory_bytes = static_cast<std::uint32_t>(archive.size() - offset),
                           .directory_offset = offset});
  return archive;
}

}  // namespace passmint::zip
