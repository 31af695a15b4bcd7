#pragma once

#include <chrono>
#include <memory>

#include "base/result.h"
#include "sql/postgresql/connection_url.h"

struct pg_conn;

namespace passmint::sql::postgresql {

struct FinishConnection {
  void operator()(pg_conn* connection) const noexcept;
};
using ConnectionPtr = std::unique_ptr<pg_conn, FinishConnection>;

// A connection with keepalives, UTF-8, and our timeouts. Fails as MakeConnectError.
Result<ConnectionPtr> Connect(const ConnectionUrl& url, std::chrono::milliseconds connect_max);

// What we rely on: version, encoding, durability. Sets the session's timeouts. Fails as
// PostgresqlConnection::Open.
Status CheckServer(pg_conn& connection, const ConnectionUrl& url);

}  // namespace passmint::sql::postgresql
