#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "sql/error.h"

namespace passmint::sql::postgresql {

// What an SQLSTATE means to us (https://www.postgresql.org/docs/15/errcodes-appendix.html).
ErrorKind KindOfSqlState(std::string_view sqlstate);

// An error of that kind with PostgreSQL's hint in place of the one that talks of files.
Error MakePostgresqlError(ErrorKind kind, std::string message);

// Of a statement that the server refused. 57014, a statement that ran for too long, is no kind but
// kUnavailable, reason "store_timeout".
Error MakeStatementError(std::string_view sqlstate, std::string_view message);

// Nothing was written: the transaction or a statement of it took too long.
Error MakeTimeout();

// True if a row would have broken a key, a NOT NULL or another constraint: class 23.
bool IsBrokenConstraint(std::string_view sqlstate);

// True if a pooler between us and the server has lost or mixed up our prepared statements:
// 26000 invalid_sql_statement_name, 42P05 duplicate_prepared_statement.
bool IsLostStatement(std::string_view sqlstate);

// True if CREATE TABLE IF NOT EXISTS met another that was making the same table: the server checks
// first and makes later, and says 23505 about its own catalogue (`schema`), 42P07 or 42710.
bool IsLostRaceForName(std::string_view sqlstate, std::string_view schema);

// Of a connection that could not be made: `sqlstate` as the server says it, or empty. Fails with
// kUnavailable, reason "store_unreachable", "store_auth", "store_no_database", "store_busy" (too
// many connections), "store_starting".
Error MakeConnectError(std::string_view sqlstate, std::string message);

}  // namespace passmint::sql::postgresql
