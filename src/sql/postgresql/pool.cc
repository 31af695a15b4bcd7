#include "sql/postgresql/pool.h"

#include <algorithm>
#include <utility>

#include "sql/postgresql/sqlstate.h"

namespace passmint::sql::postgresql {

Result<std::unique_ptr<PostgresqlConnection>> Pool::Take() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!closed_ && waiting_.size() >= kWaitingMax) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "too many transactions are waiting",
                 .reason = "queue_full"};
  }
  Waiter waiter;
  waiting_.push_back(&waiter);
  Serve();
  (void)waiter.answered.wait_for(lock, wait_max_,
                                 [this, &waiter] { return closed_ || waiter.served; });
  if (!waiter.served) {
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &waiter));
    if (!closed_) return MakePostgresqlError(ErrorKind::kBusy, "all connections are in use");
    return Error{
        .code = ErrorCode::kUnavailable, .message = "the store is stopping", .reason = "stopping"};
  }
  if (waiter.connection != nullptr) return std::move(waiter.connection);
  lock.unlock();
  auto opened = open_();
  if (!opened.ok()) GiveBack(nullptr);
  return opened;
}

void Pool::Serve() {
  while (!closed_ && !waiting_.empty() && (!idle_.empty() || busy_ < size_)) {
    Waiter& first = *waiting_.front();
    waiting_.pop_front();
    if (!idle_.empty()) {
      first.connection = std::move(idle_.back());
      idle_.pop_back();
    }
    ++busy_;
    first.served = true;
    first.answered.notify_one();
  }
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
  Serve();
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
  for (Waiter* waiter : waiting_) waiter->answered.notify_one();
  nobody_.wait(lock, [this] { return busy_ == 0; });
  idle_.clear();
}

}  // namespace passmint::sql::postgresql
