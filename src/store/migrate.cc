#include "store/migrate.h"

#include <cstdint>
#include <string>
#include <utility>

namespace passmint::store {
namespace {

using sql::Connection;
using sql::Row;
using sql::Statement;

constexpr std::string_view kCreateTable =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "  version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL"
    ") /*sqlite: STRICT */;";

// Two processes that start at once: the second waits here and then finds nothing to do. SQLite's
// writer is alone anyway.
constexpr std::string_view kLockTable =
    "/*postgresql: LOCK TABLE schema_migration IN SHARE ROW EXCLUSIVE MODE; */";

constexpr Statement kNewest("SELECT coalesce(max(version), 0) FROM schema_migration");
constexpr Statement kInsert(
    "INSERT INTO schema_migration (version, name, applied_at) VALUES ($1, $2, $3)");

Result<int> Newest(Connection& connection) {
  int version = 0;
  Status found = connection.Query(kNewest, {}, [&version](const Row& row) {
    version = static_cast<int>(row.Integer(0));
    return Status();
  });
  if (!found.ok()) return std::move(found).error();
  return version;
}

Status ApplyIfMissing(Connection& connection, const Migration& migration, Timestamp now) {
  if (Status locked = connection.ExecuteScript(kLockTable); !locked.ok()) return locked;
  const auto version = Newest(connection);
  if (!version.ok()) return version.error();
  if (version.value() >= migration.version) return {};  // Another process was first.
  if (Status applied = connection.ExecuteScript(migration.script); !applied.ok()) {
    return Annotate(applied.error(), "migration " + std::string(migration.name));
  }
  auto noted = connection.Execute(kInsert, {migration.version, migration.name, ToMicros(now)});
  if (!noted.ok()) return std::move(noted).error();
  return {};
}

}  // namespace

Result<int> SchemaVersion(const sql::Database& database) {
  int version = 0;
  Status read = database.Read([&version](Connection& connection) -> Status {
    auto newest = Newest(connection);
    if (!newest.ok()) return std::move(newest).error();
    version = newest.value();
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return version;
}

Status RefuseNewer(int version, std::span<const Migration> known) {
  const int newest = known.empty() ? 0 : known.back().version;
  if (version <= newest) return {};
  return Error{.code = ErrorCode::kUnavailable,
               .message = "the store was written by a newer passmint (schema " +
                          std::to_string(version) + ", this one knows up to " +
                          std::to_string(newest) + ")",
               .reason = "store_newer",
               .hint = "start the newer version, or restore a backup made before the upgrade"};
}

Status Migrate(sql::Database& database, std::span<const Migration> known, Timestamp now) {
  Status made =
      database.Write([](Connection& connection) { return connection.ExecuteScript(kCreateTable); });
  if (!made.ok()) return made;
  const auto version = SchemaVersion(database);
  if (!version.ok()) return version.error();
  if (Status known_to_us = RefuseNewer(version.value(), known); !known_to_us.ok()) {
    return known_to_us;
  }
  for (const Migration& migration : known) {
    if (migration.version <= version.value()) continue;
    Status applied = database.Write([&migration, now](Connection& connection) {
      return ApplyIfMissing(connection, migration, now);
    });
    if (!applied.ok()) return applied;
  }
  return {};
}

}  // namespace passmint::store
