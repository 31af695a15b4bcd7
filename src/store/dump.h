#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "issuance/store.h"
#include "json/json.h"
#include "sql/connection.h"
#include "sql/database.h"

// A store's whole content as lines of JSON, the same for SQLite and PostgreSQL: what a backup is
// made of, and the way from one to the other. Per table, in the order of the migrations:
//
//   {"columns":["programme","type","value","member","verified_at"],"table":"member_identity"}
//   ["coffee","phone","+79210000000","m_0193...",1795255200000000]
//
// A row is an array in the order of the columns: text as a string, numbers as numbers, bytes as
// base64, NULL as null.

namespace passmint::store {

// The longest line: a picture of a design, in base64.
inline constexpr std::size_t kDumpLineBytesMax = std::size_t{64} * 1024 * 1024;

// A table has so many columns at most.
inline constexpr std::size_t kDumpColumnsMax = 24;

// What a table of the dump is made of. Every table of migrations/*.sql but schema_migration has
// one.
struct DumpTable {
  const char* name;
  const char* types;    // A letter a column: t(ext), i(nteger), b(ytes).
  const char* columns;  // Their names, separated by ", ".
  sql::Statement select;
  sql::Statement insert;
  sql::Statement probe;
};
const std::vector<DumpTable>& DumpTables();

// The version of the newest migration: dumps of another one are not read.
int DumpSchema();

// By table.
using DumpCounts = std::map<std::string, std::int64_t>;

// Given each line without its line feed. A failure ends the dump.
using OnDumpLine = std::function<Status(std::string_view line)>;

// Writes everything from one snapshot; keeps one row in memory. Leaves out what is true of the
// running store only: the heartbeat of its clock, and how it was restored. Fails as Database::Read
// and `on_line`.
Result<DumpCounts> WriteDump(const sql::Database& database, const OnDumpLine& on_line);

// Whether no table has a row. Fails as Database::Read.
Result<bool> IsEmpty(const sql::Database& database);

// Reads a dump into an empty store, some hundred rows a transaction, so that a failure leaves a
// part behind.
class DumpLoader {
 public:
  explicit DumpLoader(sql::Database& database) : database_(database) {}

  // The next line. Fails with kInvalidArgument, reason "backup_format", if it is none of a dump of
  // this schema, and as Database::Write.
  Status Add(std::string_view line);

  // Writes what is left. Call it once, at the end.
  Result<DumpCounts> Finish();

 private:
  struct Cell {
    bool null = true;
    std::int64_t number = 0;
    std::string text;
  };
  using Row = std::vector<Cell>;

  Status Begin(const Json& header);
  Status Take(const Json& values);
  Status Flush();

  sql::Database& database_;
  const DumpTable* table_ = nullptr;
  std::vector<Row> rows_;
  std::size_t bytes_ = 0;
  DumpCounts counts_;
};

// The database behind what store::Open gave.
sql::Database& DatabaseOf(issuance::Store& store);

// The programmes that have accounts, ascending.
Result<std::vector<ProgrammeId>> ProgrammesWithAccounts(const sql::Database& database);

}  // namespace passmint::store
