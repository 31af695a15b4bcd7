#include "zip/internal/format.h"

#include "zip/entry.h"

namespace passmint::zip::internal {

std::string EndRecord(const EndOfArchive& end) {
  std::string out;
  out.reserve(kEndBytes);
  Put32(out, kEndSignature);
  Put16(out, 0);  // This disk.
  Put16(out, 0);  // The disk where the directory starts.
  Put16(out, end.entries);
  Put16(out, end.entries);  // On this disk, and in all.
  Put32(out, end.directory_bytes);
  Put32(out, end.directory_offset);
  Put16(out, 0);  // Bytes of comment.
  return out;
}

void ArchiveSize::Add(std::size_t name_bytes, std::size_t data_bytes) {
  // A sum that has passed the limit stays there, and so cannot wrap around.
  if (bytes_ > kMaxArchiveBytes) return;
  ++entries_;
  if (data_bytes > kMaxArchiveBytes || name_bytes > kMaxArchiveBytes) {
    bytes_ = kMaxArchiveBytes + 1;
    return;
  }
  bytes_ += kLocalBytes + kCentralBytes + 2 * name_bytes + data_bytes;
}

Status ArchiveSize::Check() const {
  const auto too_large = [](const char* message) {
    return Error{.code = ErrorCode::kTooLarge, .message = message, .reason = "zip_too_large"};
  };
  if (entries_ > kMaxEntries) return too_large("an archive holds at most 65534 files");
  if (bytes_ > kMaxArchiveBytes) return too_large("an archive holds less than 4 GiB");
  return {};
}

}  // namespace passmint::zip::internal
