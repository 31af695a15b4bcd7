#include "sql/sqlite/connection.h"

#include <sqlite3.h>

#include <mutex>
#include <utility>

#include "sql/sqlite/gathered_wal.h"

namespace passmint::sql::sqlite {
namespace {

// One writer, many readers; behind both stands the kernel's page cache.
constexpr int kWriterCacheKib = 16 * 1024;
constexpr int kReaderCacheKib = 2 * 1024;
// What the WAL file shrinks back to after a burst.
constexpr int kWalBytesKept = 64 * 1024 * 1024;

ErrorKind KindOfCode(int extended) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return ErrorKind::kUnique;
    default:
      break;
  }
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::kBusy;
    case SQLITE_FULL:
      return ErrorKind::kFull;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
      return ErrorKind::kIo;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return ErrorKind::kReadOnly;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return ErrorKind::kCorrupt;
    default:
      return ErrorKind::kOther;
  }
}

// Once a process, before SQLite's first use: its memory statistics take one lock for all threads,
// and with them readers do not scale (found by measuring;
// https://sqlite.org/c3ref/c_config_covering_index_scan.html).
void ConfigureLibrary() {
  static std::once_flag once;
  std::call_once(once, [] { (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

// With "./" no path is ":memory:" or a "file:" URI by accident.
std::string PlainPath(const std::string& path) {
  return path.starts_with('/') ? path : "./" + path;
}

void Replace(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

// The words of a migration in SQLite's dialect: STRICT tables know INTEGER and BLOB only.
std::string Translate(std::string_view script) {
  static constexpr std::string_view kOpening = "/*sqlite:";
  std::string text(script);
  Replace(text, "BIGINT", "INTEGER");
  Replace(text, "BYTEA", "BLOB");
  for (std::size_t at = text.find(kOpening); at != std::string::npos;
       at = text.find(kOpening, at)) {
    const std::size_t end = text.find("*/", at);
    if (end == std::string::npos) break;
    text.replace(end, 2, "");
    text.replace(at, kOpening.size(), "");
  }
  return text;
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

  bool IsNull(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t Integer(int column) const override {
    if (!Is(column, SQLITE_INTEGER)) return 0;
    return sqlite3_column_int64(statement_, column);
  }
  std::string_view Text(int column) const override {
    if (!Is(column, SQLITE_TEXT)) return {};
    return Data(column, sqlite3_column_text(statement_, column));
  }
  std::string_view Bytes(int column) const override {
    if (!Is(column, SQLITE_BLOB)) return {};
    return Data(column, sqlite3_column_blob(statement_, column));
  }

  bool damaged() const { return damaged_; }

 private:
  bool Is(int column, int type) const {
    if (sqlite3_column_type(statement_, column) == type) return true;
    damaged_ = true;
    return false;
  }
  std::string_view Data(int column, const void* data) const {
    if (data == nullptr) return {};  // Zero bytes.
    return {static_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

  sqlite3_stmt* statement_;
  mutable bool damaged_ = false;
};

// Leaves the statement ready for its next use, whatever happens in between.
class Rewind {
 public:
  explicit Rewind(sqlite3_stmt* statement) : statement_(statement) {}
  ~Rewind() {
    // Reports the failure of the last step again, which was looked at then.
    (void)sqlite3_reset(statement_);
    (void)sqlite3_clear_bindings(statement_);
  }
  Rewind(const Rewind&) = delete;
  Rewind& operator=(const Rewind&) = delete;

 private:
  sqlite3_stmt* statement_;
};

int BindValue(sqlite3_stmt* statement, int index, const Value& value) {
  const Value::Held& held = value.held();
  if (const auto* number = std::get_if<std::int64_t>(&held)) {
    return sqlite3_bind_int64(statement, index, *number);
  }
  // Static: Values outlive the call. A null pointer would bind NULL, so empty text points
  // somewhere.
  if (const auto* text = std::get_if<std::string_view>(&held)) {
    return sqlite3_bind_text64(statement, index, text->empty() ? "" : text->data(), text->size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  }
  if (const auto* bytes = std::get_if<Bytes>(&held)) {
    return sqlite3_bind_blob64(statement, index, bytes->data.empty() ? "" : bytes->data.data(),
                               bytes->data.size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, index);
}

}  // namespace

struct SqliteConnection::Prepared {
  explicit Prepared(sqlite3_stmt* compiled) : statement(compiled) {}
  ~Prepared() { (void)sqlite3_finalize(statement); }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  sqlite3_stmt* statement;
  std::vector<int> indexes;  // Of $1, $2, ...: a name to SQLite, not a position.
};

SqliteConnection::SqliteConnection(sqlite3* database) : database_(database) {}

SqliteConnection::~SqliteConnection() {
  Rollback();
  prepared_.clear();
  (void)sqlite3_close(database_);
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const ConnectionOptions& options) {
  ConfigureLibrary();
  // Opened for writing even where it only reads: a reader that finds no -shm file has to make it.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const std::string vfs =
      options.access == Access::kReadOnly ? options.vfs : GatheredWalVfs(options.vfs);
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(PlainPath(options.path).c_str(), &opened, flags,
                                   vfs.empty() ? nullptr : vfs.c_str());
  if (opened == nullptr) return MakeError(ErrorKind::kIo, "open store: out of memory");
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(opened));
  if (code != SQLITE_OK) return connection->Failed(code, "open store");
  if (Status configured = connection->Configure(options); !configured.ok()) {
    return std::move(configured).error();
  }
  return connection;
}

Status SqliteConnection::Configure(const ConnectionOptions& options) {
  // SQLite opens a file that it may not write for reading only, without saying so.
  if (sqlite3_db_readonly(database_, "main") == 1) {
    return MakeError(ErrorKind::kReadOnly, "store is read-only: " + options.path);
  }
  const bool reads_only = options.access == Access::kReadOnly;
  (void)sqlite3_busy_timeout(database_, static_cast<int>(options.busy_timeout.count()));
  (void)sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Database::Close copies the WAL, and it knows when that would lose something (checkpointer.h).
  (void)sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // FULL: with NORMAL an acknowledged commit may vanish at power loss
  // (https://sqlite.org/wal.html). secure_delete: what is erased is overwritten. No foreign keys:
  // see store/migrations.
  const std::string pragmas =
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
      "PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;"
      "PRAGMA trusted_schema=OFF; PRAGMA cache_size=-" +
      std::to_string(reads_only ? kReaderCacheKib : kWriterCacheKib) +
      "; PRAGMA journal_size_limit=" + std::to_string(kWalBytesKept) + ";" +
      (reads_only ? "PRAGMA query_only=ON;" : "");
  const int code = sqlite3_exec(database_, pragmas.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Failed(code, "open store");
  const auto is_wal =
      QueryInteger("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'");
  if (!is_wal.ok()) return is_wal.error();
  if (is_wal.value() != 1) {
    return MakeError(ErrorKind::kIo,
                     "this file system has no shared memory for SQLite's WAL: " + options.path);
  }
  return {};
}

Error SqliteConnection::Failed(int code, std::string_view doing) {
  Error error = MakeError(KindOfCode(code), std::string(doing) + ": " + sqlite3_errmsg(database_));
  if (!failure_.has_value()) failure_ = error;
  return error;
}

Result<SqliteConnection::Prepared*> SqliteConnection::Prepare(const Statement& statement) {
  if (const auto found = prepared_.find(statement.text()); found != prepared_.end()) {
    return found->second.get();
  }
  sqlite3_stmt* compiled = nullptr;
  const int code = sqlite3_prepare_v3(database_, statement.text(), -1, SQLITE_PREPARE_PERSISTENT,
                                      &compiled, nullptr);
  if (code != SQLITE_OK) return Failed(code, "prepare statement");
  auto prepared = std::make_unique<Prepared>(compiled);
  const int count = sqlite3_bind_parameter_count(compiled);
  for (int i = 1; i <= count; ++i) {
    const std::string name = "$" + std::to_string(i);
    prepared->indexes.push_back(sqlite3_bind_parameter_index(compiled, name.c_str()));
  }
  return prepared_.emplace(statement.text(), std::move(prepared)).first->second.get();
}

Status SqliteConnection::Bind(Prepared& prepared, Values values) {
  if (values.size() != prepared.indexes.size()) {
    return Failed(SQLITE_MISUSE, "bind: wrong number of values");
  }
  auto index = prepared.indexes.begin();
  for (const Value& value : values) {
    const int code = BindValue(prepared.statement, *index, value);
    if (code != SQLITE_OK) return Failed(code, "bind");
    ++index;
  }
  return {};
}

Result<std::int64_t> SqliteConnection::Execute(const Statement& statement, Values values) {
  const std::int64_t before = ChangesMade();
  Status done = Query(statement, values, [](const Row&) { return Status(); });
  if (!done.ok()) return std::move(done).error();
  return ChangesMade() - before;
}

Status SqliteConnection::Send(const Statement& statement, Values values) {
  return Query(statement, values, [](const Row&) { return Status(); });
}

Status SqliteConnection::SendOrLose(const Statement& statement, Values values) {
  const bool failed_before = failure_.has_value();
  Status done = Send(statement, values);
  if (done.ok() || (sqlite3_extended_errcode(database_) & 0xff) != SQLITE_CONSTRAINT) return done;
  if (!failed_before) failure_ = LostRace();
  return LostRace();
}

Status SqliteConnection::Query(const Statement& statement, Values values, const OnRow& on_row) {
  const auto prepared = Prepare(statement);
  if (!prepared.ok()) return prepared.error();
  sqlite3_stmt* compiled = prepared.value()->statement;
  const Rewind rewind(compiled);
  if (Status bound = Bind(*prepared.value(), values); !bound.ok()) return bound;
  const SqliteRow row(compiled);
  while (true) {
    const int code = sqlite3_step(compiled);
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return Failed(code, "run statement");
    Status seen = on_row(row);
    if (row.damaged()) {
      Error damaged = MakeError(ErrorKind::kCorrupt, "a column has another type than it should");
      if (!failure_.has_value()) failure_ = damaged;
      return damaged;
    }
    if (!seen.ok()) return seen;
  }
}

Status SqliteConnection::ExecuteScript(std::string_view script) {
  ++scripts_;
  const int code = sqlite3_exec(database_, Translate(script).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Failed(code, "run script");
  return {};
}

Status SqliteConnection::RunControl(const char* sql) {
  const int code = sqlite3_exec(database_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Failed(code, sql);
  return {};
}

Status SqliteConnection::BeginWrite() {
  static constexpr Statement kBegin("BEGIN IMMEDIATE");
  return Query(kBegin, {}, nullptr);
}

Status SqliteConnection::BeginRead() {
  static constexpr Statement kBegin("BEGIN");
  return Query(kBegin, {}, nullptr);
}

Status SqliteConnection::Commit() {
  static constexpr Statement kCommit("COMMIT");
  return Query(kCommit, {}, nullptr);
}

void SqliteConnection::Rollback() {
  static constexpr Statement kRollback("ROLLBACK");
  // Should this fail, closing the connection undoes the work.
  if (InTransaction()) (void)Query(kRollback, {}, nullptr).ok();
}

Status SqliteConnection::OpenSavepoint() { return RunControl("SAVEPOINT work"); }
Status SqliteConnection::ReleaseSavepoint() { return RunControl("RELEASE work"); }
Status SqliteConnection::UndoToSavepoint() { return RunControl("ROLLBACK TO work; RELEASE work"); }

bool SqliteConnection::InTransaction() const { return sqlite3_get_autocommit(database_) == 0; }

std::int64_t SqliteConnection::ChangesMade() const {
  // SQLite does not count tables that are made.
  return sqlite3_total_changes64(database_) + scripts_;
}

std::optional<Error> SqliteConnection::TakeFailure() {
  return std::exchange(failure_, std::nullopt);
}

Result<std::int64_t> SqliteConnection::QueryInteger(const std::string& sql) {
  sqlite3_stmt* compiled = nullptr;
  int code = sqlite3_prepare_v2(database_, sql.c_str(), -1, &compiled, nullptr);
  if (code != SQLITE_OK) return Failed(code, sql);
  const Prepared owner(compiled);
  code = sqlite3_step(compiled);
  if (code != SQLITE_ROW) return Failed(code, sql);
  return sqlite3_column_int64(compiled, 0);
}

void SqliteConnection::OnWalFrames(std::function<void(int)> on_frames) {
  on_frames_ = std::make_unique<std::function<void(int)>>(std::move(on_frames));
  const auto hook = [](void* context, sqlite3*, const char*, int frames) {
    (*static_cast<std::function<void(int)>*>(context))(frames);
    return SQLITE_OK;
  };
  (void)sqlite3_wal_hook(database_, hook, on_frames_.get());
}

Result<SqliteConnection::CheckpointResult> SqliteConnection::RunCheckpoint(Checkpoint kind) {
  const int mode = kind == Checkpoint::kPassive   ? SQLITE_CHECKPOINT_PASSIVE
                   : kind == Checkpoint::kRestart ? SQLITE_CHECKPOINT_RESTART
                                                  : SQLITE_CHECKPOINT_TRUNCATE;
  CheckpointResult result;
  const int code = sqlite3_wal_checkpoint_v2(database_, "main", mode, &result.frames, &result.done);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) return Failed(code, "checkpoint");
  result.complete = code == SQLITE_OK && result.frames == result.done;
  // SQLite syncs the file only when the whole WAL is in it.
  sqlite3_file* file = nullptr;
  (void)sqlite3_file_control(database_, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file != nullptr && file->pMethods != nullptr) {
    const int synced = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    if (synced != SQLITE_OK) return Failed(synced, "sync store");
  }
  return result;
}

}  // namespace passmint::sql::sqlite
