#include "sql/postgresql/pool.h"

#include <algorithm>
#include <utility>

#include "sql/postgresql/sqlstate.h"

namespace passmint::sql::postgresql {

Result<std::unique_ptr<PostgresqlConnection>> Pool::Take() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!closed_ && waiting_ >= kWaitingMax) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "too many transactions are waiting",
                 .reason = "queue_full"};
  }
  ++waiting_;
  const bool free = free_.wait_for(lock, wait_max_,
                                   [this] { return closed_ || !idle_.empty() || busy_ < size_; });
  --waiting_;
  if (closed_) {
    return Error{
        .code = ErrorCode::kUnavailable, .message = "the store is stopping", .reason = "stopping"};
  }
  if (!free) return MakePostgresqlError(ErrorKind::kBusy, "all connections are in use");
  ++busy_;
  if (!idle_.empty()) {
    std::unique_ptr<PostgresqlConnection> connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  lock.unlock();
  auto opened = open_();
  if (!opened.ok()) GiveBack(nullptr);
  return opened;
}

void Pool::GiveBack(std::unique_ptr<PostgresqlConnection> connection) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (connection != nullptr && !connection->IsLost()) {
    for (Seeker* seeker : seekers_) {
      if (seeker->found != nullptr || connection->opened_at() >= seeker->instant) continue;
      seeker->found = std::move(connection);  // Stays taken.
      found_.notify_all();
      return;
    }
    idle_.push_back(std::move(connection));
  }
  --busy_;
  free_.notify_one();
  if (busy_ == 0) nobody_.notify_all();
}

std::unique_ptr<PostgresqlConnection> Pool::TakeOpenedBefore(
    std::chrono::steady_clock::time_point instant, std::chrono::milliseconds wait) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto idle = std::find_if(idle_.begin(), idle_.end(), [instant](const auto& connection) {
    return connection->opened_at() < instant;
  });
  if (idle != idle_.end()) {
    std::unique_ptr<PostgresqlConnection> connection = std::move(*idle);
    idle_.erase(idle);
    ++busy_;
    return connection;
  }
  Seeker seeker{instant, nullptr};
  seekers_.push_back(&seeker);
  (void)found_.wait_for(lock, wait, [&seeker] { return seeker.found != nullptr; });
  seekers_.erase(std::find(seekers_.begin(), seekers_.end(), &seeker));
  return std::move(seeker.found);
}

void Pool::Close() {
  std::unique_lock<std::mutex> lock(mutex_);
  closed_ = true;
  free_.notify_all();
  nobody_.wait(lock, [this] { return busy_ == 0; });
  idle_.clear();
}

}  // namespace passmint::sql::postgresql
