#include "sql/postgresql/database.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/postgresql_cluster.h"

namespace passmint::sql::postgresql {
namespace {

using testing::PostgresqlCluster;

constexpr Statement kInsert("INSERT INTO thing (id) VALUES ($1)");
constexpr Statement kCount("SELECT count(*) FROM thing");
constexpr Statement kLockThing("SELECT id FROM thing WHERE id = $1 /*lock: FOR UPDATE*/");

const Error kLostRace{
    .code = ErrorCode::kUnavailable, .message = "someone was first", .reason = "lost_race"};

class PostgresqlDatabaseTest : public ::testing::Test {
 protected:
  PostgresqlDatabaseTest() : url_(PostgresqlCluster::Shared().MakeDatabase()), database_(Open()) {
    EXPECT_TRUE(database_
                    ->Write([](Connection& connection) {
                      return connection.ExecuteScript("CREATE TABLE thing (id BIGINT NOT NULL);");
                    })
                    .ok());
  }

  std::unique_ptr<PostgresqlDatabase> Open(
      std::size_t connections = 4, std::chrono::milliseconds transaction_max = kTransactionMax) {
    auto opened = PostgresqlDatabase::Open(
        {.url = Secret(url_), .connections = connections, .transaction_max = transaction_max});
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return std::move(opened).value();
  }

  static std::int64_t Count(const Database& database) {
    std::int64_t count = -1;
    const Status read = database.Read([&count](Connection& connection) {
      return connection.Query(kCount, {}, [&count](const Row& row) {
        count = row.Integer(0);
        return Status();
      });
    });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return count;
  }

  static Status Insert(Database& database, int id) {
    return database.Write([id](Connection& connection) { return connection.Send(kInsert, {id}); });
  }

  std::string DatabaseName() const { return url_.substr(14, url_.find('?') - 14); }

  const std::string url_;
  std::unique_ptr<PostgresqlDatabase> database_;
};

TEST_F(PostgresqlDatabaseTest, ALostRaceRunsTheWorkAgain) {
  int runs = 0;
  const Status written = database_->Write([&runs](Connection& connection) -> Status {
    if (Status sent = connection.Send(kInsert, {1}); !sent.ok()) return sent;
    return ++runs < 4 ? Status(kLostRace) : Status();
  });
  EXPECT_TRUE(written.ok());
  EXPECT_EQ(runs, 4);
  EXPECT_EQ(Count(*database_), 1);
}

TEST_F(PostgresqlDatabaseTest, ARaceThatIsLostForEverIsGivenUp) {
  int runs = 0;
  const Status written = database_->Write([&runs](Connection&) -> Status {
    ++runs;
    return kLostRace;
  });
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().reason, "lost_race");
  EXPECT_EQ(runs, kAttemptsMax);
}

TEST_F(PostgresqlDatabaseTest, ADeadlockRunsOneOfTheTwoAgain) {
  ASSERT_TRUE(Insert(*database_, 1).ok());
  ASSERT_TRUE(Insert(*database_, 2).ok());
  std::atomic<int> first_locks{0};
  std::atomic<int> runs{0};
  const auto cross = [&](int first, int second) {
    const Status written = database_->Write([&](Connection& connection) -> Status {
      static constexpr Statement kChange("UPDATE thing SET id = id WHERE id = $1");
      ++runs;
      auto one = connection.Execute(kChange, {first});
      if (!one.ok()) return one.error();
      ++first_locks;
      while (first_locks.load() < 2) std::this_thread::yield();
      auto other = connection.Execute(kChange, {second});
      return other.ok() ? Status() : Status(other.error());
    });
    EXPECT_TRUE(written.ok()) << written.error().message;
  };
  std::thread other([&] { cross(2, 1); });
  cross(1, 2);
  other.join();
  EXPECT_EQ(runs.load(), 3);
}

TEST_F(PostgresqlDatabaseTest, ACallerWhoLocksARowSeesWhatWasCommittedWhileItWaited) {
  ASSERT_TRUE(Insert(*database_, 1).ok());
  std::atomic<bool> locked{false};
  std::thread other([&] {
    EXPECT_TRUE(database_
                    ->Write([&](Connection& connection) -> Status {
                      if (Status done = connection.Lock(kLockThing, {1}); !done.ok()) return done;
                      if (Status done =
                              connection.Query(kCount, {}, [](const Row&) { return Status(); });
                          !done.ok()) {
                        return done;
                      }
                      locked.store(true);
                      std::this_thread::sleep_for(std::chrono::milliseconds(100));
                      return connection.Send(kInsert, {2});
                    })
                    .ok());
  });
  while (!locked.load()) std::this_thread::yield();
  std::int64_t seen = 0;
  EXPECT_TRUE(database_
                  ->Write([&seen](Connection& connection) -> Status {
                    if (Status done = connection.Lock(kLockThing, {1}); !done.ok()) return done;
                    return connection.Query(kCount, {}, [&seen](const Row& row) {
                      seen = row.Integer(0);
                      return Status();
                    });
                  })
                  .ok());
  other.join();
  EXPECT_EQ(seen, 2);
}

TEST_F(PostgresqlDatabaseTest, AWriteInsideAWriteFailsInsteadOfHanging) {
  EXPECT_FALSE(database_->Write([this](Connection&) { return Insert(*database_, 1); }).ok());
  EXPECT_EQ(Count(*database_), 0);
}

TEST_F(PostgresqlDatabaseTest, AnExceptionIsAFailureAndTheConnectionIsUsedOn) {
  for (int n = 0; n < 10; ++n) {
    const Status thrown = database_->Write([](Connection& connection) -> Status {
      (void)connection.Send(kInsert, {1}).ok();
      throw std::runtime_error("out of luck");
    });
    ASSERT_FALSE(thrown.ok());
  }
  EXPECT_EQ(Count(*database_), 0);
  EXPECT_TRUE(Insert(*database_, 1).ok());
}

TEST_F(PostgresqlDatabaseTest, ATransactionThatTookTooLongIsRolledBack) {
  const auto impatient = Open(1, std::chrono::milliseconds(50));
  const Status late = impatient->Write([](Connection& connection) -> Status {
    auto inserted = connection.Execute(kInsert, {1});
    std::this_thread::sleep_for(std::chrono::milliseconds(80));
    return inserted.ok() ? Status() : Status(inserted.error());
  });
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().reason, "store_timeout");
  EXPECT_EQ(Count(*impatient), 0);
}

TEST_F(PostgresqlDatabaseTest, MoreCallersThanConnectionsWaitForTheirTurn) {
  const auto small = Open(2);
  std::vector<std::thread> threads;
  for (int n = 0; n < 24; ++n) {
    threads.emplace_back([&small, n] { EXPECT_TRUE(Insert(*small, n).ok()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count(*small), 24);
  const std::string used = PostgresqlCluster::Shared().Sql(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = '" + DatabaseName() + "'");
  EXPECT_LE(std::stoi(used), 2 + 4) << "two, beside those of the fixture";
}

TEST_F(PostgresqlDatabaseTest, AfterClosingEverythingIsRefused) {
  database_->Close();
  EXPECT_EQ(Insert(*database_, 1).error().reason, "stopping");
  EXPECT_EQ(database_->Read([](Connection&) { return Status(); }).error().reason, "stopping");
  database_->Close();
}

TEST_F(PostgresqlDatabaseTest, KnowsTheServersClock) {
  const auto before = std::chrono::system_clock::now().time_since_epoch();
  const auto micros = database_->ServerMicros();
  ASSERT_TRUE(micros.ok() && micros.value().has_value());
  const auto off = std::chrono::microseconds(*micros.value()) - before;
  EXPECT_LT(std::chrono::abs(off), std::chrono::seconds(5));
}

}  // namespace
}  // namespace passmint::sql::postgresql
