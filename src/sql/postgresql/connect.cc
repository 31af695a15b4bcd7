#include "sql/postgresql/connect.h"

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "sql/postgresql/connection.h"
#include "sql/postgresql/sqlstate.h"

namespace passmint::sql::postgresql {
namespace {

using std::chrono::steady_clock;

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

// The server answers verbosely here, "FATAL:  28P01: password ...", since libpq has no other way to
// tell the SQLSTATE of a connection that failed. The words are in any language, this form is not.
std::string_view SqlStateIn(std::string_view message) {
  for (std::size_t at = message.find(":  "); at != std::string_view::npos;
       at = message.find(":  ", at + 1)) {
    const std::string_view rest = message.substr(at + 3);
    if (rest.size() < 6 || rest[5] != ':') continue;
    const std::string_view state = rest.substr(0, 5);
    if (state.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos) {
      return state;
    }
  }
  return {};
}

// The lines that help the reader, in one.
std::string Tidy(std::string_view message) {
  std::string tidy;
  while (!message.empty()) {
    const std::size_t end = message.find('\n');
    const std::string_view line = message.substr(0, end);
    message = end == std::string_view::npos ? std::string_view() : message.substr(end + 1);
    if (line.empty() || line.starts_with("LOCATION:")) continue;
    if (!tidy.empty()) tidy += "; ";
    tidy += line;
  }
  return tidy;
}

Error CannotConnect(const ConnectionUrl& url, const char* why) {
  const std::string message = why == nullptr ? "out of memory" : why;
  return MakeConnectError(SqlStateIn(message), "cannot connect to " + url.shown() + ": " +
                                                   url.WithoutPassword(Tidy(message)));
}

Error Unfit(std::string reason, std::string message, std::string hint) {
  return Error{.code = ErrorCode::kUnavailable,
               .message = std::move(message),
               .reason = std::move(reason),
               .hint = std::move(hint)};
}

// One row of texts.
Result<ResultPtr> Ask(PGconn& connection, const ConnectionUrl& url, const std::string& sql) {
  ResultPtr result(PQexec(&connection, sql.c_str()));
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK || PQntuples(result.get()) != 1) {
    return CannotConnect(url, PQerrorMessage(&connection));
  }
  return result;
}

std::string Milliseconds(std::chrono::milliseconds duration) {
  return std::to_string(duration.count());
}

}  // namespace

void FinishConnection::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

Result<ConnectionPtr> Connect(const ConnectionUrl& url, std::chrono::milliseconds connect_max) {
  // What stands before dbname the URL may say otherwise, what stands behind it not. TCP's own
  // patience would be hours: a server that vanished is noticed within about a minute.
  static constexpr std::array<const char*, 10> kNames = {
      "application_name", "keepalives_idle",  "keepalives_interval",
      "keepalives_count", "tcp_user_timeout", "target_session_attrs",
      "dbname",           "client_encoding",  nullptr};
  const std::array<const char*, 10> values = {"passmint",
                                              "30",
                                              "10",
                                              "3",
                                              "35000",
                                              "read-write",
                                              url.url().RevealForSerialization().c_str(),
                                              "UTF8",
                                              nullptr};
  ConnectionPtr connection(PQconnectStartParams(kNames.data(), values.data(), 1));
  if (connection == nullptr) return CannotConnect(url, nullptr);
  (void)PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  // No words of the server's on our standard error.
  (void)PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const auto deadline = steady_clock::now() + connect_max;
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (PQstatus(connection.get()) == CONNECTION_BAD || state == PGRES_POLLING_FAILED) {
      Error error = CannotConnect(url, PQerrorMessage(connection.get()));
      // The server asked for one and there was none to send; libpq has no SQLSTATE for that.
      const bool no_password = PQconnectionNeedsPassword(connection.get()) == 1;
      return no_password ? MakeConnectError("28P01", std::move(error.message)) : error;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return CannotConnect(url, "no answer");
    pollfd socket{.fd = PQsocket(connection.get()),
                  .events = static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                  .revents = 0};
    (void)::poll(&socket, 1, static_cast<int>(left.count()));
    state = PQconnectPoll(connection.get());
  }
  (void)PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
  return connection;
}

Status CheckServer(pg_conn& connection, const ConnectionUrl& url) {
  const int version = PQserverVersion(&connection);
  if (version < kServerVersionMin) {
    return Unfit("store_too_old",
                 "PostgreSQL " + std::to_string(version / 10000) + " is too old: " + url.shown(),
                 "upgrade it to " + std::to_string(kServerVersionMin / 10000) + " or newer");
  }
  // Names are looked up where the connection says; a mistyped search_path would make a second
  // store.
  auto asked = Ask(connection, url,
                   "SELECT set_config('statement_timeout', '" + Milliseconds(kTransactionMax) +
                       "', false), set_config('idle_in_transaction_session_timeout', '" +
                       Milliseconds(kTransactionMax) +
                       "', false), current_setting('synchronous_commit'),"
                       " current_setting('fsync'), current_setting('server_encoding'),"
                       " coalesce(current_schema(), '')");
  if (!asked.ok()) return std::move(asked).error();
  PGresult* const row = asked.value().get();
  const auto is = [row](int column, std::string_view value) {
    return std::string_view(PQgetvalue(row, 0, column)) == value;
  };
  if (is(2, "off")) {
    return Unfit("store_unsafe",
                 "synchronous_commit is off: a crash would lose what was acknowledged",
                 "ALTER DATABASE ... SET synchronous_commit = on, and ALTER ROLE likewise if the "
                 "role sets it");
  }
  if (is(3, "off")) {
    return Unfit("store_unsafe", "fsync is off: a power loss would destroy the store",
                 "set fsync = on in postgresql.conf and restart PostgreSQL");
  }
  if (!is(4, "UTF8")) {
    return Unfit("store_encoding", "the database is not in UTF-8: " + url.shown(),
                 "make another one: createdb --encoding=UTF8 --template=template0 NAME");
  }
  if (is(5, "")) {
    return Unfit("store_no_schema", "the role's search_path names no schema that is there",
                 "CREATE SCHEMA passmint AUTHORIZATION ROLE, and ALTER ROLE ROLE SET search_path = "
                 "passmint");
  }
  return {};
}

}  // namespace passmint::sql::postgresql
