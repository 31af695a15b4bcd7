#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/result.h"
#include "issuance/import.h"
#include "issuance/site.h"
#include "issuance/store.h"

// A file of import_line.h, taken in. Memory does not grow with the file.

namespace passmint::app {

// Items of one transaction.
inline constexpr std::size_t kImportBatch = 500;

struct ImportEvents {
  // A line that cannot be read, or that the store refused.
  std::function<void(std::int64_t line, const Error&)> on_bad_line;
  // Now and then, and at the end.
  std::function<void(std::int64_t lines, const issuance::ImportTally&)> on_progress;
};

// Looks at every line without the store. Returns how many there are. Fails with kInvalidArgument if
// one is bad (all of them were told), and with kNotFound or kUnavailable if the file cannot be
// read.
Result<std::int64_t> CheckImportFile(const std::filesystem::path& file, const issuance::Site& site,
                                     const issuance::ProgrammeSite& programme, Timestamp now,
                                     const ImportEvents& events);

// Takes in every line that the store does not refuse. One thread reads ahead, the caller's writes.
// REQUIRES: the file was checked. Fails as the store and CheckImportFile; what was committed before
// is known when the file comes again.
Result<issuance::ImportTally> ImportFile(const std::filesystem::path& file, issuance::Store& store,
                                         const issuance::Site& site,
                                         const issuance::ProgrammeSite& programme, Timestamp now,
                                         const ImportEvents& events);

}  // namespace passmint::app
