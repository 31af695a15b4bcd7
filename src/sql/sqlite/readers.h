#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "sql/database.h"
#include "sql/sqlite/connection.h"

namespace passmint::sql::sqlite {

// So many snapshots are read at once: as many as threads serve requests, so that none of them
// waits. Whoever comes beyond that waits without an order of arrival.
inline constexpr std::size_t kReadersMax = 32;
inline constexpr std::chrono::seconds kReaderWaitMax(5);

// A pool of connections that only read, each opened when it is first needed.
class Readers {
 public:
  using OpenConnection = std::function<Result<std::unique_ptr<SqliteConnection>>()>;

  explicit Readers(OpenConnection open, std::chrono::milliseconds wait_max = kReaderWaitMax)
      : open_(std::move(open)), wait_max_(wait_max) {}

  // As Database::Read. Safe for concurrent calls.
  Status Read(const Work& work);

  // Waits for those who read and refuses everyone after.
  void Close();

 private:
  Result<std::unique_ptr<SqliteConnection>> Take();
  void GiveBack(std::unique_ptr<SqliteConnection> connection);

  const OpenConnection open_;
  const std::chrono::milliseconds wait_max_;
  std::mutex mutex_;
  std::condition_variable free_;    // For those who want to read.
  std::condition_variable nobody_;  // For Close.
  std::vector<std::unique_ptr<SqliteConnection>> idle_;
  std::size_t busy_ = 0;
  bool closed_ = false;
};

}  // namespace passmint::sql::sqlite
