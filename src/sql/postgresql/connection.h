#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/result.h"
#include "sql/connection.h"
#include "sql/postgresql/connection_url.h"

struct pg_conn;
struct pg_result;

namespace passmint::sql::postgresql {

// The oldest server that the tests run on; pg_current_xact_id and pg_xact_status are of 13.
inline constexpr int kServerVersionMin = 150000;

// How long one attempt to connect may take, over all addresses of one host.
inline constexpr std::chrono::seconds kConnectMax(5);
// "write transactions give up at 30 s" (contract/api.md section 4). The server cancels a statement
// and ends an idle transaction after as long.
inline constexpr std::chrono::seconds kTransactionMax(30);
// So many statements are sent before their answers are read: answers wait in the server's socket
// buffer, which must not fill up.
inline constexpr std::size_t kPipelineMax = 128;

// The id of a transaction, as pg_current_xact_id() says it; empty: not known.
using TransactionId = std::string;

// One connection in libpq's pipeline mode
// (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html): BEGIN goes with the first
// statement, what was sent with Send and Lock goes with the next one, and COMMIT with the last. Not
// safe for concurrent use.
class PostgresqlConnection final : public Connection {
 public:
  // Connects and checks what we rely on. `url` outlives the connection. Fails as MakeConnectError,
  // and with kUnavailable and reason "store_too_old", "store_unsafe" (synchronous_commit or fsync
  // is off), "store_encoding" (the database is not UTF-8).
  static Result<std::unique_ptr<PostgresqlConnection>> Open(const ConnectionUrl& url);

  ~PostgresqlConnection() override;
  PostgresqlConnection(const PostgresqlConnection&) = delete;
  PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;

  Result<std::int64_t> Execute(const Statement& statement, Values values) override;
  Status Send(const Statement& statement, Values values) override;
  Status SendOrLose(const Statement& statement, Values values) override;
  Status Lock(const Statement& statement, Values values) override;
  Status Query(const Statement& statement, Values values, const OnRow& on_row) override;
  Status ExecuteScript(std::string_view script) override;

  // Begin a transaction. Failures come out of the statements after.
  void BeginWrite(std::chrono::milliseconds transaction_max = kTransactionMax);
  void BeginRead();

  // REQUIRES: BeginWrite. If it fails and CommitInDoubt(), the server may or may not have
  // committed.
  Status Commit();
  bool CommitInDoubt() const { return commit_in_doubt_; }

  // Undoes the transaction, if there is one, without waiting for the server.
  void Rollback();

  // Of the last transaction that BeginWrite began; empty if the server did not get to say it.
  const TransactionId& transaction_id() const { return transaction_id_; }

  // The first failure since the last call, if there was one, even if the caller swallowed it.
  std::optional<Error> TakeFailure();

  // True once the connection is of no use any more.
  bool IsLost() const { return lost_; }

  std::chrono::steady_clock::time_point opened_at() const { return opened_at_; }

  // Outside transactions: one row of one statement, its columns as text; nothing if there is no
  // row.
  Result<std::optional<std::string>> AskOne(const Statement& statement, Values values);

  // True if the server still is the one that we connected to, without a restart or a pooler's
  // exchange in between: the process behind the connection is the same.
  bool IsSameBackend();

 private:
  struct Sent;
  struct Prepared;
  enum class Mode { kNone, kWrite, kRead };

  struct CloseConnection {
    void operator()(pg_conn* connection) const noexcept;
  };
  struct FreeResult {
    void operator()(pg_result* result) const noexcept;
  };
  using ResultPtr = std::unique_ptr<pg_result, FreeResult>;

  // What to do with the rows of the last statement of a pipeline.
  struct Answer {
    const OnRow* on_row = nullptr;
    std::int64_t rows_written = 0;
    Status seen;  // The first failure of on_row.
  };

  PostgresqlConnection(pg_conn* connection, const ConnectionUrl& url);

  const Prepared& Find(const Statement& statement);
  // Puts a statement into the pipeline.
  Status Enqueue(const Statement& statement, Values values);
  bool EnqueueNamed(const Prepared& prepared, Values values);
  // Ends a segment: a failure skips what follows up to here, and no further.
  Status Sync();
  // Ends the pipeline and reads all its answers.
  Status RoundTrip(Answer& answer);
  Status ReadAnswers(Answer& answer);
  // Of one statement; the last one's go to `answer`.
  Status ReadResults(const Sent& sent, Answer* answer);
  Status TakeRows(const pg_result* result, Answer& answer);
  Result<ResultPtr> NextResult();
  // Waits until the socket can be read (or written), at most until the deadline.
  Status Wait(short events);
  Status Flush();
  Error Lose(std::string_view doing);
  Error Refused(const pg_result* result);
  Error Remember(Error error);
  // An answer that no statement can have.
  Error Confused();

  std::unique_ptr<pg_conn, CloseConnection> connection_;
  const ConnectionUrl& url_;
  const std::chrono::steady_clock::time_point opened_at_ = std::chrono::steady_clock::now();

  Mode mode_ = Mode::kNone;
  std::chrono::steady_clock::time_point deadline_;
  std::deque<Sent> sent_;  // Whose answers were not read yet.
  std::unordered_map<const char*, std::unique_ptr<Prepared>> plain_;
  std::unordered_map<const char*, std::unique_ptr<Prepared>> locking_;
  std::unordered_set<std::string> names_;  // Prepared on the server, or about to be.
  bool use_names_ = true;

  std::optional<Error> failure_;
  TransactionId transaction_id_;
  bool commit_in_doubt_ = false;
  bool lost_ = false;
};

}  // namespace passmint::sql::postgresql
