#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "zip/entry.h"

namespace passmint::zip {

// A file that differs from pass to pass. Both views must remain valid during the call.
struct ChangingEntry {
  std::string_view name;
  std::string_view bytes;
};

// An archive whose fixed files were packed once, ready to get the few files that differ from pass
// to pass. Immutable after Make, and so safe for concurrent calls; copying copies the packed bytes.
//
// Why not append with libzip: that costs 22 us a pass, of the 36 us (a tenth of an RSA-2048
// signature) which everything but the signature may cost; splicing the bytes costs 4.
class PreparedArchive {
 public:
  // Packs `fixed` as WriteArchive does, and fails as it does.
  static Result<PreparedArchive> Make(std::span<const Entry> fixed);

  // The whole archive: the fixed entries, then `changing` in the given order, stored. Equal to what
  // WriteArchive makes of the same entries.
  //
  // Fails with kInvalidArgument ("zip_bad_name"; "zip_duplicate_name", also for a name among the
  // fixed entries) and kTooLarge ("zip_too_large").
  Result<std::string> Append(std::span<const ChangingEntry> changing) const;

  // The number of fixed entries.
  std::size_t fixed_count() const { return names_.size(); }

 private:
  PreparedArchive() = default;

  Status CheckNames(std::span<const ChangingEntry> changing) const;

  std::vector<std::string> names_;  // Of the fixed entries, sorted.
  std::string records_;             // Their local headers and data: the start of the archive.
  std::string directory_;           // Their central directory headers.
};

}  // namespace passmint::zip
