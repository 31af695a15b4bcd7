#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "base/result.h"
#include "base/secret.h"
#include "sql/database.h"
#include "sql/postgresql/connection.h"

namespace passmint::sql::postgresql {

// Of one process. More connections than the server has cores make no write faster; these are enough
// to keep it busy while others wait for the disk, and leave room for several processes below the
// server's own default of 100 (max_connections).
inline constexpr std::size_t kConnectionsDefault = 16;
inline constexpr std::size_t kConnectionsMax = 256;
// How long work is run again after the connection was lost before its commit.
inline constexpr std::chrono::seconds kReconnectMax(5);
// How often work is run again because someone else was first.
inline constexpr int kAttemptsMax = 25;

struct DatabaseOptions {
  Secret url;                                     // "postgresql://...".
  std::size_t connections = kConnectionsDefault;  // 1 to kConnectionsMax.
  std::chrono::milliseconds transaction_max = kTransactionMax;
};

// A pool of connections. Every write is a transaction of its own: PostgreSQL groups the commits of
// many connections by itself.
class PostgresqlDatabase final : public Database {
 public:
  // Connects once. Fails as ConnectionUrl::Parse and PostgresqlConnection::Open.
  static Result<std::unique_ptr<PostgresqlDatabase>> Open(DatabaseOptions options);

  ~PostgresqlDatabase() override;

  // Where it is, without user and password: ConnectionUrl::shown.
  const std::string& shown() const;

  Status Write(const Work& work) override;
  Status Read(const Work& work) const override;
  Result<std::optional<std::int64_t>> ServerMicros() const override;
  void Close() override;

 private:
  struct Parts;

  explicit PostgresqlDatabase(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace passmint::sql::postgresql
