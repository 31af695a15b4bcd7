#include "sql/postgresql/database.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "sql/postgresql/connection_url.h"
#include "sql/postgresql/pool.h"
#include "sql/postgresql/settle.h"
#include "sql/postgresql/sqlstate.h"

namespace passmint::sql::postgresql {
namespace {

using std::chrono::steady_clock;

// Between attempts: long enough for the other transaction to end, different for each that lost.
constexpr int kPauseMicrosFirst = 500;
constexpr int kPauseMicrosMax = 100'000;

// The database that this thread is writing to.
thread_local const void* t_writing = nullptr;

class WritingHere {
 public:
  explicit WritingHere(const void* database) { t_writing = database; }
  ~WritingHere() { t_writing = nullptr; }
  WritingHere(const WritingHere&) = delete;
  WritingHere& operator=(const WritingHere&) = delete;
};

Status RunWork(const Work& work, PostgresqlConnection& connection) {
  Status outcome;
  try {
    outcome = work(connection);
  } catch (const std::exception& thrown) {
    outcome = Error{.message = std::string("work in a transaction threw: ") + thrown.what()};
  } catch (...) {
    outcome = Error{.message = "work in a transaction threw something that is no exception"};
  }
  return outcome;
}

// What happens after a transaction did not come to its end.
enum class Next { kGiveUp, kAgain, kReconnect };

Next NextAfter(const Error& error) {
  if (error.code == ErrorCode::kUnavailable && error.reason == "lost_race") return Next::kAgain;
  // A server that starts or is being exchanged for its standby will be there in a moment.
  if (error.reason == "store_unreachable" || error.reason == "store_starting") {
    return Next::kReconnect;
  }
  const auto kind = KindOf(error);
  if (kind == ErrorKind::kSerialization) return Next::kAgain;
  if (kind == ErrorKind::kGone) return Next::kReconnect;
  return Next::kGiveUp;
}

// Counts the attempts of one transaction and pauses between them.
class Attempts {
 public:
  // False if enough was tried.
  bool MayGoOn(Next next) {
    if (next == Next::kGiveUp) return false;
    if (next == Next::kReconnect) {
      if (!gone_since_.has_value()) gone_since_ = steady_clock::now();
      if (steady_clock::now() - *gone_since_ > kReconnectMax) return false;
    } else {
      gone_since_.reset();
      if (++lost_ >= kAttemptsMax) return false;
    }
    Pause();
    return true;
  }

 private:
  void Pause() {
    thread_local std::minstd_rand random(std::random_device{}());
    std::uniform_int_distribution<int> micros(0, pause_micros_);
    std::this_thread::sleep_for(std::chrono::microseconds(micros(random)));
    pause_micros_ = std::min(pause_micros_ * 2, kPauseMicrosMax);
  }

  std::optional<steady_clock::time_point> gone_since_;
  int lost_ = 0;
  int pause_micros_ = kPauseMicrosFirst;
};

Error OutcomeUnknown(const Error& cause) {
  Error error = MakePostgresqlError(ErrorKind::kGone, cause.message);
  error.message = "the connection was lost during the commit: " + error.message;
  return error;
}

// A connection of the pool that goes back by itself.
class Borrowed {
 public:
  Borrowed(Pool& pool, std::unique_ptr<PostgresqlConnection> connection)
      : pool_(pool), connection_(std::move(connection)) {}
  ~Borrowed() { GiveBack(); }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

  PostgresqlConnection& operator*() { return *connection_; }
  PostgresqlConnection* operator->() { return connection_.get(); }

  void GiveBack() {
    if (connection_ == nullptr) return;
    connection_->Rollback();
    pool_.GiveBack(std::move(connection_));
    connection_ = nullptr;
  }

 private:
  Pool& pool_;
  std::unique_ptr<PostgresqlConnection> connection_;
};

}  // namespace

struct PostgresqlDatabase::Parts {
  Parts(ConnectionUrl parsed, const DatabaseOptions& options)
      : url(std::move(parsed)),
        transaction_max(options.transaction_max),
        pool([this] { return PostgresqlConnection::Open(url); }, options.connections) {}

  // One attempt. `in_doubt` is set if nobody can tell whether it was written.
  Status WriteOnce(const Work& work, bool& in_doubt);
  Status ReadOnce(const Work& work);

  const ConnectionUrl url;
  const std::chrono::milliseconds transaction_max;
  Pool pool;
};

Status PostgresqlDatabase::Parts::WriteOnce(const Work& work, bool& in_doubt) {
  auto taken = pool.Take();
  if (!taken.ok()) return std::move(taken).error();
  Borrowed connection(pool, std::move(taken).value());
  const auto began = steady_clock::now();
  (void)connection->TakeFailure();
  connection->BeginWrite(transaction_max);
  Status outcome = RunWork(work, *connection);
  // A failed statement fails the work, whatever the work made of it; and what the work says after a
  // statement failed is not its own refusal.
  if (auto failure = connection->TakeFailure(); failure.has_value()) return *failure;
  if (!outcome.ok()) return outcome;
  outcome = connection->Commit();
  if (outcome.ok()) return outcome;
  if (!connection->CommitInDoubt()) return outcome;
  const TransactionId id = connection->transaction_id();
  connection.GiveBack();
  switch (Settle(pool, id, began)) {
    case CommitOutcome::kCommitted:
      return {};
    case CommitOutcome::kNotCommitted:
      return MakePostgresqlError(ErrorKind::kGone, outcome.error().message);
    case CommitOutcome::kUnknown:
      break;
  }
  in_doubt = true;
  return OutcomeUnknown(outcome.error());
}

Status PostgresqlDatabase::Parts::ReadOnce(const Work& work) {
  auto taken = pool.Take();
  if (!taken.ok()) return std::move(taken).error();
  Borrowed connection(pool, std::move(taken).value());
  (void)connection->TakeFailure();
  connection->BeginRead();
  Status outcome = RunWork(work, *connection);
  if (auto failure = connection->TakeFailure(); failure.has_value()) return *failure;
  return outcome;
}

PostgresqlDatabase::PostgresqlDatabase(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

PostgresqlDatabase::~PostgresqlDatabase() { Close(); }

Result<std::unique_ptr<PostgresqlDatabase>> PostgresqlDatabase::Open(DatabaseOptions options) {
  auto url = ConnectionUrl::Parse(options.url.RevealForSerialization());
  if (!url.ok()) return std::move(url).error();
  options.connections = std::clamp<std::size_t>(options.connections, 1, kConnectionsMax);
  auto parts = std::make_unique<Parts>(std::move(url).value(), options);
  auto first = parts->pool.Take();
  if (!first.ok()) return std::move(first).error();
  parts->pool.GiveBack(std::move(first).value());
  return std::unique_ptr<PostgresqlDatabase>(new PostgresqlDatabase(std::move(parts)));
}

const std::string& PostgresqlDatabase::shown() const { return parts_->url.shown(); }

Status PostgresqlDatabase::Write(const Work& work) {
  if (t_writing == this) return Error{.message = "a write was started inside a write"};
  const WritingHere here(this);
  Attempts attempts;
  while (true) {
    bool in_doubt = false;
    Status outcome = parts_->WriteOnce(work, in_doubt);
    if (outcome.ok() || in_doubt || !attempts.MayGoOn(NextAfter(outcome.error()))) return outcome;
  }
}

Status PostgresqlDatabase::Read(const Work& work) const {
  Attempts attempts;
  while (true) {
    Status outcome = parts_->ReadOnce(work);
    if (outcome.ok() || !attempts.MayGoOn(NextAfter(outcome.error()))) return outcome;
  }
}

Result<std::optional<std::int64_t>> PostgresqlDatabase::ServerMicros() const {
  static constexpr Statement kNow(
      "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)");
  std::optional<std::int64_t> micros;
  Status read = Read([&micros](Connection& connection) {
    return connection.Query(kNow, {}, [&micros](const Row& row) {
      micros = row.Integer(0);
      return Status();
    });
  });
  if (!read.ok()) return std::move(read).error();
  return micros;
}

void PostgresqlDatabase::Close() { parts_->pool.Close(); }

}  // namespace passmint::sql::postgresql
