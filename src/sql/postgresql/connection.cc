#include "sql/postgresql/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "sql/postgresql/connect.h"
#include "sql/postgresql/parameters.h"
#include "sql/postgresql/result_row.h"
#include "sql/postgresql/sqlstate.h"
#include "sql/postgresql/statement_text.h"

namespace passmint::sql::postgresql {
namespace {

using std::chrono::steady_clock;

constexpr Statement kBeginWrite("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
constexpr Statement kBeginRead("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
constexpr Statement kTransactionId("SELECT pg_current_xact_id()::text");
constexpr Statement kCommit("COMMIT");
constexpr Statement kRollback("ROLLBACK");
constexpr Statement kBackend("SELECT pg_backend_pid()::text");

// Beyond the server's own limit, so that its word comes first where there is one.
constexpr std::chrono::seconds kAnswerSlack(5);
constexpr int kBinaryResults = 1;

std::string_view FieldOf(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::int64_t RowsWritten(PGresult* result) {
  return std::strtoll(PQcmdTuples(result), nullptr, 10);
}

}  // namespace

struct PostgresqlConnection::Prepared {
  std::string text;
  std::string name;
};

// A message whose answer is awaited.
struct PostgresqlConnection::Sent {
  enum class Kind { kPrepare, kStatement, kSync };

  Kind kind = Kind::kStatement;
  const Prepared* prepared = nullptr;
  const char* source = nullptr;  // Statement::text.
  bool may_lose = false;         // SendOrLose.
  bool abandoned = false;        // Of a transaction that was rolled back: nobody asks any more.
};

void PostgresqlConnection::CloseConnection::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

void PostgresqlConnection::FreeResult::operator()(pg_result* result) const noexcept {
  PQclear(result);
}

PostgresqlConnection::PostgresqlConnection(pg_conn* connection, const ConnectionUrl& url)
    : connection_(connection), url_(url) {}

PostgresqlConnection::~PostgresqlConnection() = default;

Result<std::unique_ptr<PostgresqlConnection>> PostgresqlConnection::Open(const ConnectionUrl& url) {
  auto connected = Connect(url, kConnectMax);
  if (!connected.ok()) return std::move(connected).error();
  std::unique_ptr<PostgresqlConnection> connection(
      new PostgresqlConnection(connected.value().release(), url));
  if (Status checked = CheckServer(*connection->connection_, url); !checked.ok()) {
    return std::move(checked).error();
  }
  if (PQsetnonblocking(connection->connection_.get(), 1) != 0 ||
      PQenterPipelineMode(connection->connection_.get()) != 1) {
    return connection->Lose("enter pipeline mode");
  }
  return connection;
}

Error PostgresqlConnection::Remember(Error error) {
  if (!failure_.has_value()) failure_ = error;
  return error;
}

Error PostgresqlConnection::Lose(std::string_view doing) {
  lost_ = true;
  sent_.clear();
  std::string why = PQerrorMessage(connection_.get());
  while (!why.empty() && why.back() == '\n') why.pop_back();
  if (why.empty()) why = "no answer";
  return Remember(MakePostgresqlError(
      ErrorKind::kGone, std::string(doing) + ": " + url_.WithoutPassword(std::move(why))));
}

Error PostgresqlConnection::Refused(const pg_result* result) {
  const std::string_view state = FieldOf(result, PG_DIAG_SQLSTATE);
  // libpq itself makes a result without a state when the connection breaks.
  if (state.empty()) return Lose("postgresql");
  const std::string_view severity = FieldOf(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity == "FATAL" || severity == "PANIC") {
    // The session ends, whatever the state says.
    Error error = MakePostgresqlError(ErrorKind::kGone,
                                      "postgresql " + std::string(state) + ": " +
                                          std::string(FieldOf(result, PG_DIAG_MESSAGE_PRIMARY)));
    failure_ = error;
    Lose("postgresql");
    return error;
  }
  if (IsLostStatement(state)) use_names_ = false;
  return Remember(MakeStatementError(state, FieldOf(result, PG_DIAG_MESSAGE_PRIMARY)));
}

Error PostgresqlConnection::Confused() { return Lose("postgresql's answers are out of step"); }

const PostgresqlConnection::Prepared& PostgresqlConnection::Find(const Statement& statement) {
  auto& known = mode_ == Mode::kWrite ? locking_ : plain_;
  std::unique_ptr<Prepared>& found = known[statement.text()];
  if (found == nullptr) {
    std::string text = mode_ == Mode::kWrite ? WithLocks(statement.text()) : statement.text();
    std::string name = StatementName(text);
    found = std::make_unique<Prepared>(Prepared{std::move(text), std::move(name)});
  }
  return *found;
}

bool PostgresqlConnection::EnqueueNamed(const Prepared& prepared, Values values) {
  const Parameters parameters(values);
  pg_conn* const connection = connection_.get();
  if (!use_names_) {
    return PQsendQueryParams(connection, prepared.text.c_str(), parameters.count(),
                             parameters.types(), parameters.values(), parameters.lengths(),
                             parameters.formats(), kBinaryResults) == 1;
  }
  if (names_.insert(prepared.name).second) {
    if (PQsendPrepare(connection, prepared.name.c_str(), prepared.text.c_str(), parameters.count(),
                      parameters.types()) != 1) {
      return false;
    }
    sent_.push_back({.kind = Sent::Kind::kPrepare, .prepared = &prepared});
  }
  return PQsendQueryPrepared(connection, prepared.name.c_str(), parameters.count(),
                             parameters.values(), parameters.lengths(), parameters.formats(),
                             kBinaryResults) == 1;
}

Status PostgresqlConnection::Enqueue(const Statement& statement, Values values) {
  // What failed fails all that follows; the server would say so in other words.
  if (failure_.has_value()) return *failure_;
  if (lost_) {
    return Remember(MakePostgresqlError(ErrorKind::kGone, "the connection was lost before"));
  }
  const Prepared& prepared = Find(statement);
  if (!EnqueueNamed(prepared, values)) return Lose("send statement");
  sent_.push_back(
      {.kind = Sent::Kind::kStatement, .prepared = &prepared, .source = statement.text()});
  return {};
}

Result<std::int64_t> PostgresqlConnection::Execute(const Statement& statement, Values values) {
  if (Status queued = Enqueue(statement, values); !queued.ok()) return std::move(queued).error();
  Answer answer;
  if (Status done = RoundTrip(answer); !done.ok()) return std::move(done).error();
  return answer.rows_written;
}

Status PostgresqlConnection::Send(const Statement& statement, Values values) {
  if (Status queued = Enqueue(statement, values); !queued.ok()) return queued;
  // A Read has no end that a failure could come out of.
  if (mode_ == Mode::kWrite && sent_.size() < kPipelineMax) return {};
  Answer answer;
  return RoundTrip(answer);
}

Status PostgresqlConnection::SendOrLose(const Statement& statement, Values values) {
  if (Status queued = Enqueue(statement, values); !queued.ok()) return queued;
  sent_.back().may_lose = true;
  if (sent_.size() < kPipelineMax) return {};
  Answer answer;
  return RoundTrip(answer);
}

Status PostgresqlConnection::Lock(const Statement& statement, Values values) {
  return mode_ == Mode::kWrite ? Send(statement, values) : Status();
}

Status PostgresqlConnection::Query(const Statement& statement, Values values, const OnRow& on_row) {
  if (Status queued = Enqueue(statement, values); !queued.ok()) return queued;
  Answer answer;
  answer.on_row = &on_row;
  if (Status done = RoundTrip(answer); !done.ok()) return done;
  return std::move(answer.seen);
}

Status PostgresqlConnection::Wait(short events) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ + kAnswerSlack -
                                                                          steady_clock::now());
  if (left.count() <= 0) {
    Lose("wait for an answer");
    failure_ = MakeTimeout();
    return *failure_;
  }
  pollfd socket{.fd = PQsocket(connection_.get()), .events = events, .revents = 0};
  if (::poll(&socket, 1, static_cast<int>(left.count())) < 0 && errno != EINTR) {
    return Lose("wait for an answer");
  }
  return {};
}

Status PostgresqlConnection::Flush() {
  while (true) {
    const int left = PQflush(connection_.get());
    if (left == 0) return {};
    if (left < 0) return Lose("send");
    if (Status ready = Wait(POLLIN | POLLOUT); !ready.ok()) return ready;
    // Read as well, else both sides could wait with full buffers.
    if (PQconsumeInput(connection_.get()) != 1) return Lose("receive");
  }
}

Result<PostgresqlConnection::ResultPtr> PostgresqlConnection::NextResult() {
  while (PQisBusy(connection_.get()) != 0) {
    if (Status ready = Wait(POLLIN); !ready.ok()) return std::move(ready).error();
    if (PQconsumeInput(connection_.get()) != 1) return Lose("receive");
  }
  return ResultPtr(PQgetResult(connection_.get()));
}

Status PostgresqlConnection::Sync() {
  if (PQpipelineSync(connection_.get()) != 1) return Lose("send");
  sent_.push_back({.kind = Sent::Kind::kSync});
  return {};
}

Status PostgresqlConnection::RoundTrip(Answer& answer) {
  // Reading has no limit as a whole, such as a backup's.
  if (mode_ == Mode::kRead) deadline_ = steady_clock::now() + kTransactionMax;
  if (Status synced = Sync(); !synced.ok()) return synced;
  if (Status sent = Flush(); !sent.ok()) return sent;
  return ReadAnswers(answer);
}

Status PostgresqlConnection::ReadAnswers(Answer& answer) {
  Status outcome;
  while (!sent_.empty()) {
    const Sent sent = sent_.front();
    sent_.pop_front();
    if (sent.kind == Sent::Kind::kSync) {
      auto result = NextResult();
      if (!result.ok()) return std::move(result).error();
      if (PQresultStatus(result.value().get()) != PGRES_PIPELINE_SYNC) {
        return result.value() == nullptr ? Confused() : Refused(result.value().get());
      }
      continue;
    }
    // The last statement stands before the last sync.
    Answer* const wanted = sent_.size() == 1 ? &answer : nullptr;
    Status read = ReadResults(sent, wanted);
    if (lost_) return read;
    if (outcome.ok() && !read.ok()) outcome = std::move(read);
  }
  return outcome;
}

Status PostgresqlConnection::ReadResults(const Sent& sent, Answer* answer) {
  Status outcome;
  const auto failed_before = failure_;
  if (answer != nullptr && answer->on_row != nullptr) {
    // One row at a time: an answer may be larger than the memory we want to spend.
    (void)PQsetSingleRowMode(connection_.get());
  }
  while (true) {
    auto next = NextResult();
    if (!next.ok()) return std::move(next).error();
    pg_result* const result = next.value().get();
    if (result == nullptr) {
      if (!sent.abandoned) return outcome;
      failure_ = failed_before;
      return {};
    }
    Status read;
    switch (PQresultStatus(result)) {
      case PGRES_COMMAND_OK:
        if (answer != nullptr) answer->rows_written = RowsWritten(result);
        break;
      case PGRES_SINGLE_TUPLE:
      case PGRES_TUPLES_OK:
        if (sent.source == kTransactionId.text() && PQntuples(result) == 1) {
          transaction_id_ = PQgetvalue(result, 0, 0);
        }
        if (answer != nullptr) read = TakeRows(result, *answer);
        break;
      case PGRES_PIPELINE_ABORTED:  // Something before it has failed, and was reported.
        if (sent.kind == Sent::Kind::kPrepare) names_.erase(sent.prepared->name);
        if (!sent.abandoned) read = failure_.has_value() ? *failure_ : Confused();
        break;
      default:
        if (sent.kind == Sent::Kind::kPrepare) names_.erase(sent.prepared->name);
        read = sent.may_lose && IsBrokenConstraint(FieldOf(result, PG_DIAG_SQLSTATE))
                   ? Remember(LostRace())
                   : Refused(result);
        if (lost_) return read;
    }
    if (outcome.ok() && !read.ok()) outcome = std::move(read);
  }
}

Status PostgresqlConnection::TakeRows(const pg_result* result, Answer& answer) {
  if (answer.on_row == nullptr || !answer.seen.ok()) return {};
  ResultRow row(result);
  for (int n = 0; n < PQntuples(result); ++n) {
    row.MoveTo(n);
    answer.seen = (*answer.on_row)(row);
    if (row.damaged()) {
      return Remember(
          MakePostgresqlError(ErrorKind::kCorrupt, "a column has another type than it should"));
    }
    if (!answer.seen.ok()) return {};
  }
  return {};
}

Status PostgresqlConnection::ExecuteScript(std::string_view script) {
  if (failure_.has_value()) return *failure_;
  // Several statements in one text are for the simple protocol, which a pipeline does not speak.
  Answer answer;
  if (Status before = RoundTrip(answer); !before.ok()) return before;
  pg_conn* const connection = connection_.get();
  if (PQexitPipelineMode(connection) != 1) return Lose("leave pipeline mode");
  Status outcome;
  if (PQsendQuery(connection, ForPostgresql(script).c_str()) != 1) return Lose("send script");
  if (Status sent = Flush(); !sent.ok()) return sent;
  while (true) {
    auto next = NextResult();
    if (!next.ok()) return std::move(next).error();
    const pg_result* const result = next.value().get();
    if (result == nullptr) break;
    const auto status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
      continue;
    }
    const bool raced =
        IsLostRaceForName(FieldOf(result, PG_DIAG_SQLSTATE), FieldOf(result, PG_DIAG_SCHEMA_NAME));
    Error error = Refused(result);
    if (raced) {
      error = MakePostgresqlError(ErrorKind::kSerialization, std::move(error.message));
      failure_ = error;
    }
    if (outcome.ok()) outcome = std::move(error);
    if (lost_) return outcome;
  }
  if (PQenterPipelineMode(connection) != 1) return Lose("enter pipeline mode");
  return outcome;
}

void PostgresqlConnection::BeginWrite(std::chrono::milliseconds transaction_max) {
  deadline_ = steady_clock::now() + transaction_max;
  mode_ = Mode::kWrite;
  transaction_id_.clear();
  commit_in_doubt_ = false;
  // What fails here is remembered, and fails the statements after.
  (void)Enqueue(kBeginWrite, {}).ok();
  (void)Enqueue(kTransactionId, {}).ok();
}

void PostgresqlConnection::BeginRead() {
  deadline_ = steady_clock::now() + kTransactionMax;
  mode_ = Mode::kRead;
  (void)Enqueue(kBeginRead, {}).ok();
}

Status PostgresqlConnection::Commit() {
  // Should the answer get lost, the id is what we ask for: it has to be here before COMMIT goes.
  if (transaction_id_.empty()) {
    Answer answer;
    if (Status asked = RoundTrip(answer); !asked.ok()) return asked;
  }
  if (steady_clock::now() > deadline_) return Remember(MakeTimeout());
  if (Status queued = Enqueue(kCommit, {}); !queued.ok()) return queued;
  Answer answer;
  Status committed = RoundTrip(answer);
  if (committed.ok()) mode_ = Mode::kNone;
  commit_in_doubt_ = lost_;
  return committed;
}

void PostgresqlConnection::Rollback() {
  if (mode_ == Mode::kNone || lost_) return;
  // Behind a sync of its own, else it would be skipped if one of those that were sent fails.
  if (!sent_.empty() && sent_.back().kind != Sent::Kind::kSync && !Sync().ok()) return;
  // Its answer is read by whoever uses the connection next.
  const auto failure = std::exchange(failure_, std::nullopt);
  const bool queued = Enqueue(kRollback, {}).ok();
  if (failure.has_value()) failure_ = failure;
  if (!queued) return;
  mode_ = Mode::kNone;
  for (Sent& sent : sent_) sent.abandoned = true;
  if (Sync().ok() && PQflush(connection_.get()) < 0) Lose("send");
}

std::optional<Error> PostgresqlConnection::TakeFailure() {
  return std::exchange(failure_, std::nullopt);
}

Result<std::optional<std::string>> PostgresqlConnection::AskOne(const Statement& statement,
                                                                Values values) {
  deadline_ = steady_clock::now() + kConnectMax;
  mode_ = Mode::kNone;
  std::optional<std::string> answer;
  Status asked = Query(statement, values, [&answer](const Row& row) {
    if (!row.IsNull(0)) answer = std::string(row.Text(0));
    return Status();
  });
  if (!asked.ok()) return std::move(asked).error();
  return answer;
}

bool PostgresqlConnection::IsSameBackend() {
  const auto process = AskOne(kBackend, {});
  return process.ok() && process.value().has_value() &&
         *process.value() == std::to_string(PQbackendPID(connection_.get()));
}

}  // namespace passmint::sql::postgresql
