#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "sql/postgresql/database.h"
#include "support/postgresql_cluster.h"

namespace passmint::sql::postgresql {
namespace {

using testing::PostgresqlCluster;

constexpr Statement kInsert("INSERT INTO thing (id) VALUES ($1)");
constexpr Statement kIds("SELECT id FROM thing ORDER BY id");

// Writers that go on whatever happens to the server, and know what was promised to them.
class Writers {
 public:
  explicit Writers(Database& database, int threads = 8) {
    for (int n = 0; n < threads; ++n) {
      threads_.emplace_back([this, &database] {
        while (!stop_.load()) Write(database, next_.fetch_add(1));
      });
    }
  }
  ~Writers() { Stop(); }

  void Stop() {
    stop_.store(true);
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  std::size_t acknowledged() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return acknowledged_.size();
  }

  // Every acknowledged id is there once, every other at most once if nobody could say, and no id of
  // which it was said that nothing was written.
  void Check(const Database& database) {
    std::multiset<std::int64_t> found;
    const Status read = database.Read([&found](Connection& connection) {
      found.clear();
      return connection.Query(kIds, {}, [&found](const Row& row) {
        found.insert(row.Integer(0));
        return Status();
      });
    });
    ASSERT_TRUE(read.ok()) << read.error().message;
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::int64_t id : acknowledged_) EXPECT_EQ(found.count(id), 1u) << id;
    for (const std::int64_t id : found) {
      EXPECT_EQ(found.count(id), 1u) << id;
      EXPECT_TRUE(acknowledged_.contains(id) || in_doubt_.contains(id)) << id;
    }
    std::printf("%zu acknowledged, %zu in doubt, %zu found\n", acknowledged_.size(),
                in_doubt_.size(), found.size());
  }

 private:
  void Write(Database& database, int id) {
    const Status written = database.Write([id](Connection& connection) -> Status {
      auto inserted = connection.Execute(kInsert, {id});
      return inserted.ok() ? Status() : Status(inserted.error());
    });
    const std::lock_guard<std::mutex> lock(mutex_);
    if (written.ok()) {
      acknowledged_.insert(id);
    } else {
      EXPECT_EQ(written.error().code, ErrorCode::kUnavailable) << written.error().message;
      if (written.error().reason == "store_gone") in_doubt_.insert(id);
    }
  }

  std::atomic<bool> stop_{false};
  std::atomic<int> next_{1};
  std::mutex mutex_;
  std::set<std::int64_t> acknowledged_;
  std::set<std::int64_t> in_doubt_;
  std::vector<std::thread> threads_;
};

class PostgresqlRestartTest : public ::testing::Test {
 protected:
  PostgresqlRestartTest() {
    auto opened = PostgresqlDatabase::Open({.url = Secret(cluster_.Url("postgres"))});
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    database_ = std::move(opened).value();
    EXPECT_TRUE(database_
                    ->Write([](Connection& connection) {
                      return connection.ExecuteScript("CREATE TABLE thing (id BIGINT NOT NULL);");
                    })
                    .ok());
  }

  // Until so many more writes were acknowledged.
  static void Await(Writers& writers, std::size_t more) {
    const std::size_t wanted = writers.acknowledged() + more;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (writers.acknowledged() < wanted) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the writers do not get on";
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  PostgresqlCluster cluster_;
  std::unique_ptr<PostgresqlDatabase> database_;
};

TEST_F(PostgresqlRestartTest, WhatWasAcknowledgedSurvivesACrashOfTheServerAndNothingIsThereTwice) {
  Writers writers(*database_);
  for (int round = 0; round < 3; ++round) {
    Await(writers, 100);
    cluster_.Stop("immediate");
    cluster_.Start();
  }
  Await(writers, 100);
  writers.Stop();
  writers.Check(*database_);
}

TEST_F(PostgresqlRestartTest, ConnectionsThatAreCutAreMadeAgainAndNobodyNotices) {
  Writers writers(*database_);
  for (int round = 0; round < 20; ++round) {
    Await(writers, 20);
    cluster_.Sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
        "'passmint' AND pid % 2 = " +
        std::to_string(round % 2));
  }
  Await(writers, 20);
  writers.Stop();
  writers.Check(*database_);
}

// The kernel's out-of-memory killer: the postmaster lives on and restarts all others.
TEST_F(PostgresqlRestartTest, AServerProcessThatIsKilledTakesNothingAcknowledgedWithIt) {
  Writers writers(*database_);
  for (int round = 0; round < 3; ++round) {
    Await(writers, 50);
    cluster_.KillBackend();
  }
  Await(writers, 50);
  writers.Stop();
  writers.Check(*database_);
}

TEST_F(PostgresqlRestartTest, AServerThatStaysAwayIsSaidToBeAwayAfterSomeSeconds) {
  cluster_.Stop("fast");
  const auto begun = std::chrono::steady_clock::now();
  const Status refused =
      database_->Write([](Connection& connection) { return connection.Send(kInsert, {1}); });
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(12));
  cluster_.Start();
  EXPECT_TRUE(
      database_->Write([](Connection& connection) { return connection.Send(kInsert, {1}); }).ok());
}

}  // namespace
}  // namespace passmint::sql::postgresql
