#include "sql/postgresql/sqlstate.h"

#include <array>
#include <utility>

namespace passmint::sql::postgresql {
namespace {

struct StateRow {
  std::string_view state;  // Five characters, or the class, its first two.
  ErrorKind kind;
};

// The first that fits.
constexpr std::array<StateRow, 26> kStates = {{
    {"23505", ErrorKind::kUnique},
    {"40001", ErrorKind::kSerialization},
    {"40P01", ErrorKind::kSerialization},
    {"40", ErrorKind::kSerialization},
    {"55P03", ErrorKind::kBusy},
    {"53300", ErrorKind::kBusy},
    {"53100", ErrorKind::kFull},
    {"54023", ErrorKind::kOther},
    {"53", ErrorKind::kIo},
    {"58P01", ErrorKind::kIo},
    {"58030", ErrorKind::kIo},
    {"58", ErrorKind::kIo},
    {"25006", ErrorKind::kReadOnly},
    {"42501", ErrorKind::kReadOnly},
    {"25P03", ErrorKind::kGone},
    {"57P01", ErrorKind::kGone},
    {"57P02", ErrorKind::kGone},
    {"57P03", ErrorKind::kGone},
    {"57P04", ErrorKind::kGone},
    {"57P05", ErrorKind::kGone},
    {"08P01", ErrorKind::kOther},  // Such as a wrong number of values: our bug.
    {"08", ErrorKind::kGone},
    {"XX001", ErrorKind::kCorrupt},
    {"XX002", ErrorKind::kCorrupt},
    {"26000", ErrorKind::kSerialization},
    {"42P05", ErrorKind::kSerialization},
}};

std::string_view HintFor(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kBusy:
      return "all connections are in use; look for long transactions in pg_stat_activity, or raise "
             "store.connections and the server's max_connections";
    case ErrorKind::kGone:
      return "see whether PostgreSQL runs and can be reached; the service goes on by itself";
    case ErrorKind::kFull:
      return "make room on PostgreSQL's disk; writing goes on by itself";
    case ErrorKind::kIo:
      return "look for errors in PostgreSQL's log; nothing acknowledged is lost";
    case ErrorKind::kReadOnly:
      return "the role must own the database or its schema, and the server must not be a standby";
    case ErrorKind::kCorrupt:
      return "restore the newest backup into an empty database";
    case ErrorKind::kUnique:
    case ErrorKind::kSerialization:
    case ErrorKind::kOther:
      return "";
  }
  return "";  // Not reached: -Wswitch makes a missing case an error.
}

Error CannotConnect(std::string reason, std::string message, std::string hint) {
  return Error{.code = ErrorCode::kUnavailable,
               .message = std::move(message),
               .reason = std::move(reason),
               .hint = std::move(hint)};
}

}  // namespace

ErrorKind KindOfSqlState(std::string_view sqlstate) {
  for (const StateRow& row : kStates) {
    if (sqlstate.starts_with(row.state)) return row.kind;
  }
  return ErrorKind::kOther;
}

Error MakePostgresqlError(ErrorKind kind, std::string message) {
  Error error = MakeError(kind, std::move(message));
  error.hint = std::string(HintFor(kind));
  return error;
}

Error MakeStatementError(std::string_view sqlstate, std::string_view message) {
  if (sqlstate == "57014") return MakeTimeout();
  return MakePostgresqlError(KindOfSqlState(sqlstate),
                             "postgresql " + std::string(sqlstate) + ": " + std::string(message));
}

Error MakeTimeout() {
  return Error{.code = ErrorCode::kUnavailable,
               .message = "the transaction took too long",
               .reason = "store_timeout",
               .hint = "look for long transactions and locks in pg_stat_activity"};
}

bool IsBrokenConstraint(std::string_view sqlstate) { return sqlstate.starts_with("23"); }

bool IsLostStatement(std::string_view sqlstate) {
  return sqlstate == "26000" || sqlstate == "42P05";
}

bool IsLostRaceForName(std::string_view sqlstate, std::string_view schema) {
  return (sqlstate == "23505" && schema == "pg_catalog") || sqlstate == "42P07" ||
         sqlstate == "42710";
}

Error MakeConnectError(std::string_view sqlstate, std::string message) {
  if (sqlstate.starts_with("28")) {
    return CannotConnect("store_auth", std::move(message),
                         "check user and password in store.url or in the file that PGPASSFILE "
                         "names, and pg_hba.conf on the server");
  }
  if (sqlstate == "3D000") {
    return CannotConnect("store_no_database", std::move(message),
                         "make it: createdb --encoding=UTF8 --owner=ROLE NAME");
  }
  if (sqlstate == "53300") return MakePostgresqlError(ErrorKind::kBusy, std::move(message));
  if (sqlstate == "57P03") {
    return CannotConnect("store_starting", std::move(message),
                         "PostgreSQL is starting or stopping; the service goes on by itself");
  }
  return CannotConnect("store_unreachable", std::move(message),
                       "see whether PostgreSQL runs, and check host and port in store.url");
}

}  // namespace passmint::sql::postgresql
