#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "sql/postgresql/connection.h"

namespace passmint::sql::postgresql {

// How long a transaction waits for a connection while all are in use.
inline constexpr std::chrono::seconds kConnectionWaitMax(5);
// So many transactions wait for one; each in a thread of its own.
inline constexpr std::size_t kWaitingMax = 1024;

// A bounded number of connections, each opened when it is first needed and handed out in the order
// in which they are asked for, so that nobody waits for long while others come again and again.
// Safe for concurrent calls.
class Pool {
 public:
  using OpenConnection = std::function<Result<std::unique_ptr<PostgresqlConnection>>()>;

  Pool(OpenConnection open, std::size_t size,
       std::chrono::milliseconds wait_max = kConnectionWaitMax)
      : open_(std::move(open)), size_(size), wait_max_(wait_max) {}

  // The one that was used last, or a new one. Fails with kUnavailable, reason "stopping",
  // "queue_full", "store_busy", or as PostgresqlConnection::Open.
  Result<std::unique_ptr<PostgresqlConnection>> Take();

  // REQUIRES: came from Take. Null or lost: another may be opened in its place.
  void GiveBack(std::unique_ptr<PostgresqlConnection> connection);

  // One that was opened before `instant` and is idle or given back within `wait`, ahead of all who
  // wait in Take; null if there is none. Give it back as well.
  std::unique_ptr<PostgresqlConnection> TakeOpenedBefore(
      std::chrono::steady_clock::time_point instant, std::chrono::milliseconds wait);

  // Waits for those who have a connection and refuses everyone after.
  void Close();

 private:
  // Who waits in Take.
  struct Waiter {
    std::condition_variable answered;
    bool served = false;
    std::unique_ptr<PostgresqlConnection> connection;  // Null: it opens one.
  };

  // Gives what is free to those who wait, the first first. REQUIRES: mutex_ is held.
  void Serve();

  // Who waits in TakeOpenedBefore.
  struct Seeker {
    std::chrono::steady_clock::time_point instant;
    std::unique_ptr<PostgresqlConnection> found;
  };

  const OpenConnection open_;
  const std::size_t size_;
  const std::chrono::milliseconds wait_max_;
  std::mutex mutex_;
  std::condition_variable nobody_;  // For Close.
  std::condition_variable found_;   // For seekers.
  std::vector<Seeker*> seekers_;
  std::vector<std::unique_ptr<PostgresqlConnection>> idle_;
  std::size_t busy_ = 0;
  std::deque<Waiter*> waiting_;
  bool closed_ = false;
};

}  // namespace passmint::sql::postgresql
