#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "sql/database.h"
#include "sql/sqlite/connection.h"
#include "sql/sqlite/readers.h"
#include "sql/sqlite/writer.h"

namespace passmint::sql::sqlite {

struct DatabaseOptions {
  std::string path;
  std::string vfs = {};  // The name of an SQLite VFS; empty is the system's.
  // Marks the file as ours (PRAGMA application_id); a file with another mark is refused.
  std::int32_t application_id = 0;
  // Told of trouble that no caller sees: a checkpoint that failed. From a thread of the database's;
  // may be empty.
  std::function<void(const Error&)> report = {};

  // How long one may take or wait before it fails; shorter in tests.
  std::chrono::milliseconds transaction_max = kTransactionMax;
  std::chrono::milliseconds reader_wait_max = kReaderWaitMax;
  std::chrono::milliseconds lock_wait_max = kLockWaitMax;
};

// Opens the file or makes it, readable for its owner alone: it holds people's phone numbers.
// The layout beside it: FILE-wal (the newest commits) and FILE-shm; all three belong together.
//
// Fails with kUnavailable: reason "store_missing_directory", "store_read_only", "store_busy",
// "store_io", "disk_full"; with kInternal: reason "store_corrupt" (no database, or damaged),
// "store_foreign" (another program's database).
Result<std::unique_ptr<Database>> OpenDatabase(const DatabaseOptions& options);

}  // namespace passmint::sql::sqlite
