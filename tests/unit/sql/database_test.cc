#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "sql/sqlite/checkpointer.h"
#include "sql/sqlite/database.h"
#include "sql/sqlite/writer.h"
#include "support/failing_vfs.h"
#include "support/temporary_directory.h"

namespace passmint::sql::sqlite {
namespace {

constexpr Statement kInsert("INSERT INTO thing (name) VALUES ($1)");
constexpr Statement kCount("SELECT count(*) FROM thing");

std::int64_t Count(const Database& database) {
  std::int64_t count = -1;
  const Status read = database.Read([&](Connection& connection) {
    return connection.Query(kCount, {}, [&](const Row& row) {
      count = row.Integer(0);
      return Status();
    });
  });
  EXPECT_TRUE(read.ok()) << read.error().message;
  return count;
}

Status Insert(Database& database, const std::string& name) {
  return database.Write([&](Connection& connection) -> Status {
    auto done = connection.Execute(kInsert, {name});
    if (!done.ok()) return std::move(done).error();
    return {};
  });
}

class SqliteDatabaseTest : public ::testing::Test {
 protected:
  SqliteDatabaseTest() : database_(Open()) {
    const Status made = database_->Write([](Connection& connection) {
      return connection.ExecuteScript("CREATE TABLE thing (name TEXT NOT NULL);");
    });
    EXPECT_TRUE(made.ok());
  }

  std::unique_ptr<Database> Open() { return Open(Options()); }

  DatabaseOptions Options() const {
    return {.path = path_, .vfs = vfs_.name(), .application_id = 7};
  }

  static std::unique_ptr<Database> Open(const DatabaseOptions& options) {
    auto opened = OpenDatabase(options);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return std::move(opened).value();
  }

  std::uintmax_t WalBytes() const {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path_ + "-wal", ignored);
    return ignored ? 0 : size;
  }

  testing::FailingVfs vfs_;
  testing::TemporaryDirectory directory_;
  const std::string path_ = directory_ / "test.db";
  std::unique_ptr<Database> database_;
};

// Holds the writer in a transaction until told to go on.
class Stall {
 public:
  explicit Stall(Database& database) {
    thread_ = std::thread([this, &database] {
      EXPECT_TRUE(database
                      .Write([this](Connection&) -> Status {
                        std::unique_lock<std::mutex> lock(mutex_);
                        holding_ = true;
                        changed_.notify_all();
                        changed_.wait(lock, [this] { return released_; });
                        return {};
                      })
                      .ok());
    });
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return holding_; });
  }

  void Release() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      released_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool holding_ = false;
  bool released_ = false;
  std::thread thread_;
};

TEST_F(SqliteDatabaseTest, WhatQueuedDuringOneCommitSharesTheNext) {
  Stall stall(*database_);
  std::vector<std::thread> threads;
  std::atomic<int> started{0};
  for (int n = 0; n < 40; ++n) {
    threads.emplace_back([&, n] {
      ++started;
      EXPECT_TRUE(Insert(*database_, std::to_string(n)).ok());
    });
  }
  while (started.load() < 40) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // Until all stand in the queue.
  const int before = vfs_.wal_syncs.load();
  stall.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count(*database_), 40);
  EXPECT_LE(vfs_.wal_syncs.load() - before, 10) << "40 writes need far fewer commits";
}

TEST_F(SqliteDatabaseTest, OneWriteAloneIsSyncedOnceAndWaitsForNobody) {
  const int before = vfs_.wal_syncs.load();
  ASSERT_TRUE(Insert(*database_, "a").ok());
  EXPECT_EQ(vfs_.wal_syncs.load() - before, 1);
}

TEST_F(SqliteDatabaseTest, AFullQueueRefusesAtOnce) {
  Stall stall(*database_);
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < kQueueMax + 8; ++n) {
    threads.emplace_back([&] {
      const Status written = Insert(*database_, "x");
      if (written.ok()) return;
      EXPECT_EQ(written.error().code, ErrorCode::kUnavailable);
      EXPECT_EQ(written.error().reason, "queue_full");
      ++refused;
    });
  }
  while (refused.load() < 8) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  stall.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused.load(), 8);
  EXPECT_EQ(Count(*database_), static_cast<std::int64_t>(kQueueMax));
}

TEST_F(SqliteDatabaseTest, ClosingFinishesWhatIsQueuedAndRefusesTheRest) {
  Stall stall(*database_);
  std::vector<std::thread> threads;
  std::atomic<int> started{0};
  for (int n = 0; n < 10; ++n) {
    threads.emplace_back([&] {
      ++started;
      EXPECT_TRUE(Insert(*database_, "x").ok());
    });
  }
  while (started.load() < 10) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::thread closer([&] { database_->Close(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const Status late = Insert(*database_, "late");
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().reason, "stopping");
  stall.Release();
  for (std::thread& thread : threads) thread.join();
  closer.join();
  EXPECT_EQ(database_->Read([](Connection&) { return Status(); }).error().reason, "stopping");
  EXPECT_EQ(WalBytes(), 0u) << "the file alone is the store after a clean stop";
  database_ = Open();
  EXPECT_EQ(Count(*database_), 10);
}

TEST_F(SqliteDatabaseTest, AWriteInsideAWriteFailsInsteadOfHanging) {
  const Status outer = database_->Write([this](Connection&) { return Insert(*database_, "x"); });
  EXPECT_FALSE(outer.ok());
  EXPECT_EQ(Count(*database_), 0);
}

TEST_F(SqliteDatabaseTest, MoreReadersThanConnectionsWaitForTheirTurn) {
  std::vector<std::thread> threads;
  for (int n = 0; n < 32; ++n) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) EXPECT_EQ(Count(*database_), 0);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(SqliteDatabaseTest, TheWalStaysBoundedUnderLoad) {
  const std::string megabyte(1 << 20, 'x');
  std::uintmax_t longest = 0;
  const int before = vfs_.database_syncs.load();
  for (int n = 0; n < 200; ++n) {
    ASSERT_TRUE(Insert(*database_, megabyte).ok());
    longest = std::max(longest, WalBytes());
  }
  constexpr std::uintmax_t kFrameBytes = 4096 + 24;
  EXPECT_LE(longest, (kPauseFrames + 2000) * kFrameBytes);
  EXPECT_GT(vfs_.database_syncs.load() - before, 10) << "checkpoints run beside the writer";
}

TEST_F(SqliteDatabaseTest, AStuckReaderDoesNotStopTheWriter) {
  const Status read = database_->Read([this](Connection& connection) -> Status {
    if (Status begun = connection.Query(kCount, {}, [](const Row&) { return Status(); });
        !begun.ok()) {
      return begun;
    }
    const std::string megabyte(1 << 20, 'x');
    for (int n = 0; n < 80; ++n) EXPECT_TRUE(Insert(*database_, megabyte).ok());
    return {};
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(Count(*database_), 80);
}

TEST_F(SqliteDatabaseTest, AnotherProcessMayWriteInBetween) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE; INSERT INTO thing VALUES ('theirs')", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  auto ours = std::async(std::launch::async, [this] { return Insert(*database_, "ours"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  ASSERT_EQ(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_TRUE(ours.get().ok());
  sqlite3_close(other);
  EXPECT_EQ(Count(*database_), 2);
}

TEST_F(SqliteDatabaseTest, AnotherProcessThatWritesForTooLongIsNamedAsTheReason) {
  DatabaseOptions impatient = Options();
  impatient.lock_wait_max = std::chrono::milliseconds(50);
  const auto database = Open(impatient);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const Status refused = Insert(*database, "ours");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(refused.error().reason, "store_busy");
  sqlite3_close(other);
  EXPECT_TRUE(Insert(*database, "ours").ok());
}

TEST_F(SqliteDatabaseTest, ATransactionThatTookTooLongIsRolledBack) {
  DatabaseOptions impatient = Options();
  impatient.transaction_max = std::chrono::milliseconds(20);
  const auto database = Open(impatient);
  const Status late = database->Write([](Connection& connection) -> Status {
    auto done = connection.Execute(kInsert, {"late"});
    if (!done.ok()) return std::move(done).error();
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    return {};
  });
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(late.error().reason, "store_timeout");
  EXPECT_EQ(Count(*database), 0);
}

TEST_F(SqliteDatabaseTest, AReaderThatFindsNoFreeConnectionGivesUp) {
  DatabaseOptions impatient = Options();
  impatient.reader_wait_max = std::chrono::milliseconds(20);
  const auto database = Open(impatient);
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t reading = 0;
  bool released = false;
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < kReadersMax; ++n) {
    threads.emplace_back([&] {
      const Status read = database->Read([&](Connection&) -> Status {
        std::unique_lock<std::mutex> lock(mutex);
        ++reading;
        changed.notify_all();
        changed.wait(lock, [&] { return released; });
        return {};
      });
      EXPECT_TRUE(read.ok());
    });
  }
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return reading == kReadersMax; });
  }
  const Status refused = database->Read([](Connection&) { return Status(); });
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "store_busy");
  {
    const std::lock_guard<std::mutex> lock(mutex);
    released = true;
    changed.notify_all();
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(SqliteDatabaseTest, TheFileIsForItsOwnerAlone) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat info {};
    ASSERT_EQ(::stat((path_ + suffix).c_str(), &info), 0) << suffix;
    EXPECT_EQ(info.st_mode & 0777u, 0600u) << suffix;
  }
}

}  // namespace
}  // namespace passmint::sql::sqlite
