#pragma once

#include <optional>
#include <string>

#include "base/error.h"

namespace passmint::sql {

// What went wrong, in words that both drivers share. Each has a fixed `code` and `reason`.
enum class ErrorKind {
  kUnique,  // kInternal, "store_unique": statements say ON CONFLICT where a clash is expected.
  kBusy,    // kUnavailable, "store_busy": someone else holds the lock for too long.
  kSerialization,  // kUnavailable, "store_serialization": a lost race; the same again may work.
  kGone,      // kUnavailable, "store_gone": the connection was lost; an outcome may be unknown.
  kFull,      // kUnavailable, "disk_full": nothing was written; works again once there is room.
  kIo,        // kUnavailable, "store_io": the disk failed; an outcome may be unknown.
  kReadOnly,  // kUnavailable, "store_read_only".
  kCorrupt,   // kInternal, "store_corrupt": the file is damaged or no database.
  kOther,     // kInternal, "store_failed": a wrong statement; our bug.
};

// `message` is the driver's. The hint is for whoever operates the store.
Error MakeError(ErrorKind kind, std::string message);

// kUnavailable, reason "lost_race": another transaction was first. No ErrorKind.
Error LostRace();

// Nothing if the error did not come from a driver.
std::optional<ErrorKind> KindOf(const Error& error);

}  // namespace passmint::sql
