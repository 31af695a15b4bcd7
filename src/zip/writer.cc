#include "zip/writer.h"

#include <zip.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "zip/internal/format.h"
#include "zip/internal/names.h"

namespace passmint::zip {
namespace {

struct DiscardArchive {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct FreeSource {
  void operator()(zip_source_t* source) const noexcept { zip_source_free(source); }
};
using ArchivePtr = std::unique_ptr<zip_t, DiscardArchive>;
using SourcePtr = std::unique_ptr<zip_source_t, FreeSource>;

Error LibzipError(zip_error_t* error) {
  return {.code = ErrorCode::kInternal,
          .message = std::string("write archive: ") + zip_error_strerror(error)};
}

Status AddEntry(zip_t* archive, const Entry& entry) {
  const auto failed = [&] { return LibzipError(zip_get_error(archive)); };
  // 0: the bytes stay ours and outlive zip_close.
  SourcePtr source(zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0));
  if (!source) return failed();
  const zip_int64_t added =
      zip_file_add(archive, entry.name.c_str(), source.get(), ZIP_FL_ENC_UTF_8);
  if (added < 0) return failed();
  (void)source.release();  // zip_file_add took it.
  const auto index = static_cast<zip_uint64_t>(added);
  const bool deflate = entry.compression == Compression::kDeflate;
  if (zip_set_file_compression(archive, index, deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 9) != 0 ||
      // Not zip_file_set_mtime: what that writes depends on the machine's time zone.
      zip_file_set_dostime(archive, index, internal::kDosTime, internal::kDosDate, 0) != 0 ||
      zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX,
                                       internal::kRegularFile0644) != 0) {
    return failed();
  }
  return {};
}

Result<std::string> ReadAll(zip_source_t* source) {
  const auto failed = [&] { return LibzipError(zip_source_error(source)); };
  zip_stat_t stat;
  if (zip_source_stat(source, &stat) != 0) return failed();
  if (zip_source_open(source) != 0) return failed();
  std::string bytes(stat.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  if (read < 0 || static_cast<zip_uint64_t>(read) != bytes.size()) return failed();
  zip_source_close(source);
  return bytes;
}

Result<std::string> Pack(std::span<const Entry> entries) {
  zip_error_t error;
  zip_error_init(&error);
  const SourcePtr output(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!output) return LibzipError(&error);
  zip_source_keep(output.get());  // The archive owns one reference, we the other.
  ArchivePtr archive(zip_open_from_source(output.get(), ZIP_TRUNCATE, &error));
  if (!archive) {
    zip_source_free(output.get());
    return LibzipError(&error);
  }
  for (const Entry& entry : entries) {
    if (const Status added = AddEntry(archive.get(), entry); !added.ok()) return added.error();
  }
  if (zip_close(archive.get()) != 0) return LibzipError(zip_get_error(archive.get()));
  (void)archive.release();  // zip_close freed it.
  return ReadAll(output.get());
}

}  // namespace

Result<std::string> WriteArchive(std::span<const Entry> entries) {
  std::vector<std::string_view> names;
  names.reserve(entries.size());
  internal::ArchiveSize size;
  for (const Entry& entry : entries) {
    names.push_back(entry.name);
    size.Add(entry.name.size(), entry.bytes.size());
  }
  if (const Status fits = size.Check(); !fits.ok()) return fits.error();
  if (const Status fine = internal::CheckNames(names); !fine.ok()) return fine.error();
  // libzip makes no file at all of an archive without entries.
  if (entries.empty()) return internal::EndRecord({});
  return Pack(entries);
}

}  // namespace passmint::zip
