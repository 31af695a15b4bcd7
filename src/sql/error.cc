#include "sql/error.h"

#include <array>
#include <string_view>
#include <utility>

namespace passmint::sql {
namespace {

struct KindRow {
  ErrorKind kind;
  ErrorCode code;
  std::string_view reason;
  std::string_view hint;
};

constexpr std::array<KindRow, 9> kKinds = {{
    {ErrorKind::kUnique, ErrorCode::kInternal, "store_unique", ""},
    {ErrorKind::kBusy, ErrorCode::kUnavailable, "store_busy",
     "another process is writing to the store; see which one with lsof"},
    {ErrorKind::kSerialization, ErrorCode::kUnavailable, "store_serialization", ""},
    {ErrorKind::kGone, ErrorCode::kUnavailable, "store_gone", ""},
    {ErrorKind::kFull, ErrorCode::kUnavailable, "disk_full",
     "make room on the store's disk; writing goes on by itself"},
    {ErrorKind::kIo, ErrorCode::kUnavailable, "store_io",
     "look for disk errors in the system log; nothing acknowledged is lost"},
    {ErrorKind::kReadOnly, ErrorCode::kUnavailable, "store_read_only",
     "the store's file and its directory must be writable for the user that runs passmint"},
    {ErrorKind::kCorrupt, ErrorCode::kInternal, "store_corrupt",
     "restore the newest backup into an empty store"},
    {ErrorKind::kOther, ErrorCode::kInternal, "store_failed", ""},
}};

}  // namespace

Error MakeError(ErrorKind kind, std::string message) {
  for (const KindRow& row : kKinds) {
    if (row.kind != kind) continue;
    return Error{.code = row.code,
                 .message = std::move(message),
                 .reason = std::string(row.reason),
                 .hint = std::string(row.hint)};
  }
  return Error{.code = ErrorCode::kInternal, .message = std::move(message)};
}

Error LostRace() {
  return Error{.code = ErrorCode::kUnavailable,
               .message = "another transaction wrote the same first",
               .reason = "lost_race"};
}

std::optional<ErrorKind> KindOf(const Error& error) {
  for (const KindRow& row : kKinds) {
    if (row.reason == error.reason && row.code == error.code) return row.kind;
  }
  return std::nullopt;
}

}  // namespace passmint::sql
