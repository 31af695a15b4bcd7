#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/timestamp.h"
#include "store/dump.h"

// A backup: lines of JSON, the same for every database.
//
//   {"passmint_backup":1,"schema":2,"time":"2026-11-22T01:00:00Z"}
//   ... the lines of store/dump.h ...
//   {"end":{"rows":1234,"sha256":"9f0c..."}}
//
// The hash is over every byte before the last line; cut or changed files are refused. A file whose
// name ends in .gz is compressed (gzip); whether one is, is seen from its first bytes. Memory is
// bounded by the longest line.
namespace passmint::app {

struct BackupHead {
  int schema = 0;
  Timestamp time;
};

struct BackupReport {
  BackupHead head;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;  // Of the file that was written.
};

// Writes a new file (mode 0600: it holds people's phone numbers), whole and durable, or none. Fails
// with kConflict if `file` exists, kUnavailable, and as store::WriteDump.
Result<BackupReport> WriteBackup(const sql::Database& database, Timestamp now,
                                 const std::filesystem::path& file);

// Reads all of it and checks the hash, the number of rows, and that it is of this schema. Fails
// with kNotFound, kUnavailable, and with kInvalidArgument and reason "backup_format" (no backup),
// "backup_damaged" (cut or changed), "backup_schema" (of another version).
Result<BackupReport> CheckBackup(const std::filesystem::path& file);

// Reads a file that CheckBackup found good. Fails as store::DumpLoader.
Result<store::DumpCounts> LoadBackup(const std::filesystem::path& file, sql::Database& database);

}  // namespace passmint::app
