#include "sql/sqlite/readers.h"

#include <exception>
#include <string>
#include <utility>

namespace passmint::sql::sqlite {
namespace {

Status RunRead(const Work& work, SqliteConnection& connection) {
  (void)connection.TakeFailure();
  if (Status begun = connection.BeginRead(); !begun.ok()) return begun;
  Status outcome;
  try {
    outcome = work(connection);
  } catch (const std::exception& thrown) {
    outcome = Error{.message = std::string("work in a snapshot threw: ") + thrown.what()};
  } catch (...) {
    outcome = Error{.message = "work in a snapshot threw something that is no exception"};
  }
  const auto failure = connection.TakeFailure();
  if (failure.has_value() && outcome.ok()) outcome = *failure;
  connection.Rollback();
  return outcome;
}

}  // namespace

Status Readers::Read(const Work& work) {
  auto taken = Take();
  if (!taken.ok()) return std::move(taken).error();
  std::unique_ptr<SqliteConnection> connection = std::move(taken).value();
  Status outcome = RunRead(work, *connection);
  const auto kind = outcome.ok() ? std::nullopt : KindOf(outcome.error());
  // After a disk error a new connection begins with what the disk has.
  if (kind.has_value() || connection->InTransaction()) connection.reset();
  GiveBack(std::move(connection));
  return outcome;
}

void Readers::Close() {
  std::unique_lock<std::mutex> lock(mutex_);
  closed_ = true;
  free_.notify_all();
  nobody_.wait(lock, [this] { return busy_ == 0; });
  idle_.clear();
}

Result<std::unique_ptr<SqliteConnection>> Readers::Take() {
  std::unique_lock<std::mutex> lock(mutex_);
  const bool free = free_.wait_for(
      lock, wait_max_, [this] { return closed_ || !idle_.empty() || busy_ < kReadersMax; });
  if (closed_) {
    return Error{
        .code = ErrorCode::kUnavailable, .message = "the store is stopping", .reason = "stopping"};
  }
  if (!free) return MakeError(ErrorKind::kBusy, "all readers are busy");
  ++busy_;
  if (!idle_.empty()) {
    std::unique_ptr<SqliteConnection> connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  lock.unlock();
  auto opened = open_();
  if (!opened.ok()) GiveBack(nullptr);
  return opened;
}

void Readers::GiveBack(std::unique_ptr<SqliteConnection> connection) {
  const std::lock_guard<std::mutex> lock(mutex_);
  --busy_;
  if (connection != nullptr) idle_.push_back(std::move(connection));
  free_.notify_one();
  if (busy_ == 0) nobody_.notify_all();
}

}  // namespace passmint::sql::sqlite
