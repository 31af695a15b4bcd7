#include "unit/zip/hostile_archive.h"

#include <zlib.h>

#include "zip/internal/format.h"

namespace passmint::zip::testing {
namespace {

using internal::Put16;
using internal::Put32;

void PutFields(std::string& out, const HostileEntry& entry, std::uint32_t size,
               std::size_t name_bytes) {
  Put16(out, 20);
  Put16(out, entry.flags);
  Put16(out, entry.method);
  Put32(out, 0x21'0000);
  Put32(out, entry.crc.value_or(Crc32Of(entry.data)));
  Put32(out, entry.packed_size.value_or(static_cast<std::uint32_t>(entry.data.size())));
  Put32(out, size);
  Put16(out, static_cast<std::uint16_t>(name_bytes));
  Put16(out, 0);
}

}  // namespace

std::uint32_t Crc32Of(const std::string& bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string Deflate(const std::string& bytes) {
  z_stream stream = {};
  (void)deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  std::string in = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  (void)deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  (void)deflateEnd(&stream);
  return out;
}

std::string MakeHostileArchive(const std::vector<HostileEntry>& entries, const HostileEnd& end) {
  std::string archive;
  std::string directory;
  for (const HostileEntry& entry : entries) {
    const auto offset = static_cast<std::uint32_t>(archive.size());
    const auto true_size = static_cast<std::uint32_t>(entry.data.size());
    const std::uint32_t size = entry.size.value_or(true_size);
    const std::string local_name = entry.local_name.value_or(entry.name);
    Put32(archive, internal::kLocalSignature);
    PutFields(archive, entry, entry.local_size.value_or(size), local_name.size());
    archive += local_name + entry.data;

    Put32(directory, internal::kCentralSignature);
    Put16(directory, 3 << 8 | 63);
    PutFields(directory, entry, size, entry.name.size());
    Put16(directory, 0);
    Put16(directory, 0);
    Put16(directory, 0);
    Put32(directory, entry.attributes);
    Put32(directory, entry.local_offset.value_or(offset));
    directory += entry.name;
  }
  const auto offset = static_cast<std::uint32_t>(archive.size());
  const auto count = end.entries.value_or(static_cast<std::uint16_t>(entries.size()));
  archive += directory + end.before_end;
  Put32(archive, internal::kEndSignature);
  Put16(archive, end.disk);
  Put16(archive, end.disk);
  Put16(archive, count);
  Put16(archive, count);
  Put32(archive, static_cast<std::uint32_t>(directory.size() + end.before_end.size()));
  Put32(archive, end.directory_offset.value_or(offset));
  Put16(archive, static_cast<std::uint16_t>(end.comment.size()));
  return archive + end.comment;
}

}  // namespace passmint::zip::testing
