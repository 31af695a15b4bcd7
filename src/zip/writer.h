#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "zip/entry.h"

namespace passmint::zip {

// The archive that holds `entries` in the given order: the same entries give the same bytes on
// every machine with the same zlib (times are 1980-01-01 00:00, the first that the format knows; no
// extra fields, no data descriptors, no comment, mode 0644). No entries give the empty archive.
//
// For what is packed rarely: .pkpasses, previews, tests. What is packed for every customer goes
// through prepared_archive.h. Safe for concurrent calls.
//
// Fails with
//   kInvalidArgument  a name that CheckName refuses ("zip_bad_name"), a name given twice
//                     ("zip_duplicate_name"),
//   kTooLarge         more than kMaxEntries entries or kMaxArchiveBytes bytes ("zip_too_large"),
//   kInternal         libzip ran out of memory.
Result<std::string> WriteArchive(std::span<const Entry> entries);

}  // namespace passmint::zip
