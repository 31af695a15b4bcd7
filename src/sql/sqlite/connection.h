#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "sql/connection.h"

struct sqlite3;
struct sqlite3_stmt;

namespace passmint::sql::sqlite {

enum class Access { kReadOnly, kReadWrite };

// How long to wait for locks that another process holds.
inline constexpr std::chrono::milliseconds kLockWaitMax(5000);

struct ConnectionOptions {
  std::string path;
  // The name of an SQLite VFS; empty is the system's.
  // Tests fail on demand through it.
  std::string vfs = {};
  Access access = Access::kReadWrite;
  std::chrono::milliseconds busy_timeout = kLockWaitMax;
};

// One SQLite connection: WAL, synchronous=FULL, no automatic checkpoints. Not safe for concurrent
// use.
class SqliteConnection final : public Connection {
 public:
  // The file exists already (Database makes it). Fails with kUnavailable or kInternal.
  static Result<std::unique_ptr<SqliteConnection>> Open(const ConnectionOptions& options);

  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Result<std::int64_t> Execute(const Statement& statement, Values values) override;
  Status Send(const Statement& statement, Values values) override;
  Status SendOrLose(const Statement& statement, Values values) override;
  Status Lock(const Statement&, Values) override { return {}; }
  Status Query(const Statement& statement, Values values, const OnRow& on_row) override;
  Status ExecuteScript(std::string_view script) override;

  // Takes the write lock at once: a transaction that reads first and writes later could fail
  // half-way with SQLITE_BUSY, which a busy timeout does not help
  // (https://sqlite.org/lang_transaction.html).
  Status BeginWrite();
  // The snapshot is taken by the first statement.
  Status BeginRead();
  Status Commit();
  // Undoes the transaction, if there still is one.
  void Rollback();

  Status OpenSavepoint();
  Status ReleaseSavepoint();
  Status UndoToSavepoint();

  // False once an error made SQLite roll the whole transaction back by itself (SQLITE_FULL,
  // SQLITE_IOERR, ...: https://sqlite.org/lang_transaction.html, "Response to errors").
  bool InTransaction() const;

  // Grows with every row written and every script run since the connection was opened; equal before
  // and after means that nothing was written.
  std::int64_t ChangesMade() const;

  // The first failure since the last call, if there was one, even if the caller swallowed it.
  std::optional<Error> TakeFailure();

  // Runs a PRAGMA or the like that answers one integer.
  Result<std::int64_t> QueryInteger(const std::string& sql);

  // Called after each commit with the number of frames in the WAL file.
  void OnWalFrames(std::function<void(int)> on_frames);

  enum class Checkpoint { kPassive, kRestart, kTruncate };
  struct CheckpointResult {
    int frames = 0;  // In the WAL file.
    int done = 0;    // Of these, how many are in the database file.
    bool complete = false;
  };
  // Then syncs the database file, so that no later commit or checkpoint pays for it in one lump.
  // Being in someone's way is not a failure but incomplete.
  Result<CheckpointResult> RunCheckpoint(Checkpoint kind);

 private:
  struct Prepared;

  explicit SqliteConnection(sqlite3* database);

  Status Configure(const ConnectionOptions& options);
  Result<Prepared*> Prepare(const Statement& statement);
  Status Bind(Prepared& prepared, Values values);
  Status RunControl(const char* sql);
  Error Failed(int code, std::string_view doing);

  sqlite3* database_;
  std::unordered_map<const char*, std::unique_ptr<Prepared>> prepared_;
  std::optional<Error> failure_;
  std::int64_t scripts_ = 0;
  std::unique_ptr<std::function<void(int)>> on_frames_;
};

}  // namespace passmint::sql::sqlite
