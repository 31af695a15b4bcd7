#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint::zip {

enum class Compression {
  kStore,    // As it is: for PNG, which deflate does not shrink, and for what changes per pass.
  kDeflate,  // zlib at its best level: for text that is packed once and sent often.
};

// One file of an archive.
struct Entry {
  std::string name;  // See CheckName.
  std::string bytes;
  Compression compression = Compression::kStore;

  friend bool operator==(const Entry&, const Entry&) = default;
};

// Without ZIP64, which Wallet is not known to read, the format counts entries in 16 bits and sizes
// and offsets in 32 (APPNOTE.TXT 6.3.10, sections 4.3.16 and 4.4.8), and the largest values
// announce ZIP64.
inline constexpr std::size_t kMaxEntries = 65'534;
inline constexpr std::size_t kMaxArchiveBytes = 0xffff'fffe;

// No file of a pass or a template needs more; file systems stop at 255 bytes a component.
inline constexpr std::size_t kMaxNameBytes = 512;

// Ok if `name` is safe to unpack anywhere: UTF-8 without control characters, 1 to kMaxNameBytes
// bytes, components separated by "/", none of them empty, "." or "..", no backslash, no drive
// letter. So "/etc/passwd", "a//b", "dir/", "C:x" and "..\\x" are refused. Fails with
// kInvalidArgument, reason "zip_bad_name"; the message shows the name with what cannot be printed
// replaced.
Status CheckName(std::string_view name);

}  // namespace passmint::zip
