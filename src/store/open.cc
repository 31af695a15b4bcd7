#include "store/open.h"

#include <optional>
#include <utility>

#include "sql/postgresql/database.h"
#include "sql/sqlite/database.h"
#include "store/leases.h"
#include "store/migrate.h"
#include "store/serving_lock.h"
#include "store/sql_store.h"

namespace passmint::store {
namespace {

// "PsMt": how file(1) and our own Open know the file.
constexpr std::int32_t kApplicationId = 0x50734d74;

constexpr std::string_view kSqliteScheme = "sqlite:";

// The tables of another program, where ours are not there yet.
constexpr sql::Statement kForeignTables(
    "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(current_schema())"
    " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND to_regclass('schema_migration') IS NULL");
constexpr sql::Statement kIsMigrated(
    "SELECT CASE WHEN to_regclass('schema_migration') IS NULL THEN 0 ELSE 1 END");

Error WrongUrl(std::string message) {
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = std::move(message),
               .hint =
                   "for example url = \"sqlite:passmint.db\" or url = "
                   "\"postgresql://passmint@db.example/passmint\""};
}

// What stands before the colon, and only that: behind it may be a password.
std::string Scheme(std::string_view url) {
  const std::string_view scheme = url.substr(0, url.find(':'));
  const bool plain =
      scheme.size() < url.size() && !scheme.empty() && scheme.size() <= 20 &&
      scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+") == std::string_view::npos;
  return plain ? std::string(scheme) : std::string();
}

Result<std::string> SqlitePath(std::string_view url) {
  if (!url.starts_with(kSqliteScheme)) {
    const std::string scheme = Scheme(url);
    if (scheme.empty()) return WrongUrl("the store's url has no scheme");
    return WrongUrl("the store's url has a scheme that this version does not know: " + scheme);
  }
  std::string path(url.substr(kSqliteScheme.size()));
  if (path.empty() || path == ":memory:" || path.ends_with('/')) {
    return WrongUrl("the store's url names no file");
  }
  if (path.find('\0') != std::string::npos) return WrongUrl("the store's url has a NUL in it");
  return path;
}

Error ToolWouldMigrate() {
  return Error{.code = ErrorCode::kUnavailable,
               .message = "the store is of an older version and is being served",
               .reason = "store_older",
               .hint = "stop the service, then run this again or start the new version"};
}

// Leaves `lock` set where it has to be held.
Status PrepareSchema(sql::Database& database, const std::string& path, Timestamp now, Use use,
                     std::optional<ServingLock>& lock) {
  const std::span<const Migration> known = Migrations();
  if (use == Use::kServe) return Migrate(database, known, now);
  const auto version = SchemaVersion(database);
  if (version.ok()) {
    if (Status old = RefuseNewer(version.value(), known); !old.ok()) return old;
    if (version.value() == known.back().version) return {};
  }
  // Older, or nothing there yet.
  auto taken = ServingLock::Take(path);
  if (!taken.ok()) {
    return taken.error().reason == "store_served" ? ToolWouldMigrate() : taken.error();
  }
  lock = std::move(taken).value();
  Status migrated = Migrate(database, known, now);
  lock.reset();
  return migrated;
}

Result<std::int64_t> AskInteger(const sql::Database& database, const sql::Statement& statement) {
  std::int64_t answer = 0;
  Status read = database.Read([&](sql::Connection& connection) {
    return connection.Query(statement, {}, [&answer](const sql::Row& row) {
      answer = row.Integer(0);
      return Status();
    });
  });
  if (!read.ok()) return std::move(read).error();
  return answer;
}

// 0: nothing is there yet. Fails if what is there is not ours, or newer than we are.
Result<int> PostgresqlSchema(const sql::Database& database) {
  const auto foreign = AskInteger(database, kForeignTables);
  if (!foreign.ok()) return foreign.error();
  if (foreign.value() > 0) {
    return Error{.code = ErrorCode::kInternal,
                 .message = "the database's schema holds tables of another program",
                 .reason = "store_foreign",
                 .hint =
                     "name an empty database in url of [store], or give the role a schema of "
                     "its own: CREATE SCHEMA passmint AUTHORIZATION ROLE; ALTER ROLE ROLE SET "
                     "search_path = passmint"};
  }
  const auto migrated = AskInteger(database, kIsMigrated);
  if (!migrated.ok()) return migrated.error();
  if (migrated.value() == 0) return 0;
  auto version = SchemaVersion(database);
  if (!version.ok()) return version;
  if (Status old = RefuseNewer(version.value(), Migrations()); !old.ok()) {
    return std::move(old).error();
  }
  return version;
}

// Nobody can tell whether the store is being served, so a tool makes a new one but leaves an older
// one to the service.
Status PreparePostgresqlSchema(sql::Database& database, Timestamp now, Use use) {
  const auto version = PostgresqlSchema(database);
  if (!version.ok()) return version.error();
  const std::span<const Migration> known = Migrations();
  const bool is_older = version.value() > 0 && version.value() < known.back().version;
  if (use == Use::kTool && is_older) return ToolWouldMigrate();
  return Migrate(database, known, now);
}

Result<std::unique_ptr<issuance::Store>> OpenPostgresql(std::string_view url, const Clock& clock,
                                                        const OpenOptions& options) {
  sql::postgresql::DatabaseOptions chosen{.url = Secret(std::string(url))};
  if (options.connections > 0) chosen.connections = options.connections;
  auto database = sql::postgresql::PostgresqlDatabase::Open(std::move(chosen));
  if (!database.ok()) return std::move(database).error();
  Status ready = PreparePostgresqlSchema(*database.value(), clock.Now(), options.use);
  if (!ready.ok()) return std::move(ready).error();
  return std::unique_ptr<issuance::Store>(std::make_unique<SqlStore>(
      std::nullopt, std::move(database).value(), clock, options.deliveries));
}

}  // namespace

bool IsPostgresqlUrl(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

Result<std::unique_ptr<issuance::Store>> Open(std::string_view url, const Clock& clock,
                                              const OpenOptions& options) {
  if (IsPostgresqlUrl(url)) return OpenPostgresql(url, clock, options);
  auto path = SqlitePath(url);
  if (!path.ok()) return std::move(path).error();
  auto database = sql::sqlite::OpenDatabase({.path = path.value(),
                                             .vfs = options.vfs,
                                             .application_id = kApplicationId,
                                             .report = options.report});
  if (!database.ok()) return std::move(database).error();
  std::optional<ServingLock> lock;
  if (options.use == Use::kServe) {
    auto taken = ServingLock::Take(path.value());
    if (!taken.ok()) return std::move(taken).error();
    lock = std::move(taken).value();
  }
  Status ready = PrepareSchema(*database.value(), path.value(), clock.Now(), options.use, lock);
  if (!ready.ok()) return std::move(ready).error();
  // A full disk keeps nobody from reading, so it is no reason not to open.
  if (options.use == Use::kServe) (void)TakeBackLeases(*database.value(), clock.Now()).ok();
  return std::unique_ptr<issuance::Store>(std::make_unique<SqlStore>(
      std::move(lock), std::move(database).value(), clock, options.deliveries));
}

Result<std::string> Inspect(std::string_view url, const Clock& clock) {
  auto database = sql::postgresql::PostgresqlDatabase::Open(
      {.url = Secret(std::string(url)), .connections = 1});
  if (!database.ok()) return std::move(database).error();
  const auto version = PostgresqlSchema(*database.value());
  if (!version.ok()) return version.error();
  const std::string where = database.value()->shown();
  const SqlStore store(std::nullopt, std::move(database).value(), clock, nullptr);
  if (Status ready = store.Ready(); !ready.ok()) return std::move(ready).error();
  if (version.value() == 0) return where + ": its tables will be made";
  return where + ": schema " + std::to_string(version.value());
}

}  // namespace passmint::store
