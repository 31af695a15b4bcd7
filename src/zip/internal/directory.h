#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "zip/reader.h"

namespace passmint::zip::internal {

// One entry of the archive whose bytes are being read. The views point into them.
struct Header {
  std::string_view name;
  std::string_view data;  // As stored or deflated.
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint32_t size = 0;  // After inflating, as it claims.

  bool IsDirectory() const { return name.back() == '/'; }
};

// Reads the end record, the central directory and all local headers, and checks everything about
// them that ReadArchive promises; only the data is left to look at.
Result<std::vector<Header>> ReadDirectory(std::string_view bytes, const ReadLimits& limits);

// Fails with "zip_duplicate_name" as ReadArchive promises. REQUIRES: all names are checked.
Status CheckUnique(const std::vector<Header>& headers);

// An error about the archive or, if `name` is given, one of its files.
Error ReadError(ErrorCode code, const char* reason, std::string_view message,
                std::string_view name = {});

}  // namespace passmint::zip::internal
