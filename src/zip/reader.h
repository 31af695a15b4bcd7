#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "zip/entry.h"

namespace passmint::zip {

// What an archive from outside may take. The first two are those of pass-js 7 for foreign bundles;
// the total keeps 4,096 files of 16 MiB from adding up. Compression ratio needs no limit of its
// own.
struct ReadLimits {
  std::size_t entries = 4096;
  std::size_t entry_bytes = std::size_t{16} << 20;
  std::size_t total_bytes = std::size_t{64} << 20;
};

struct Archive {
  std::vector<Entry> entries;            // Files only, in the order of the central directory.
  std::vector<std::string> directories;  // Directory entries, such as "en.lproj/", in that order.
};

// Reads a whole archive that a stranger made. Never trusts a size it was told: nothing is allocated
// beyond `limits`, and work is linear in bytes.size() + limits.total_bytes. Safe for concurrent
// calls.
//
// Accepts what zip(1), Java, Python and macOS write: store and deflate, data descriptors, extra
// fields, a comment, directory entries. Refuses, each with its own reason,
//   kInvalidSyntax    no zip archive, or cut short ("zip_not_an_archive"); headers, offsets or
//                     compressed data that contradict each other ("zip_damaged"); bytes that do not
//                     match their CRC-32 ("zip_bad_checksum"),
//   kTooLarge         beyond `limits` ("zip_too_large"),
//   kUnsupported      encryption ("zip_encrypted"), ZIP64 or several disks ("zip_format"), a method
//                     other than store and deflate ("zip_method"), a symbolic link ("zip_symlink"),
//   kInvalidArgument  names that CheckName refuses, a directory's final "/" aside ("zip_bad_name");
//                     names that are equal, differ only in the case of ASCII letters, or make one
//                     path both a file and a directory ("zip_duplicate_name").
Result<Archive> ReadArchive(std::string_view bytes, const ReadLimits& limits = {});

}  // namespace passmint::zip
