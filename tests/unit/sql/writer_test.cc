#include "sql/sqlite/writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "support/temporary_directory.h"

namespace passmint::sql::sqlite {
namespace {

class WriterTest : public ::testing::Test {
 protected:
  WriterTest() {
    const std::ofstream made(directory_ / "test.db");
    auto opened = SqliteConnection::Open({.path = directory_ / "test.db"});
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    EXPECT_TRUE(opened.value()->ExecuteScript("CREATE TABLE thing (n INTEGER) STRICT").ok());
  }

  static Status Insert(Connection& connection) {
    return connection.Send(Statement("INSERT INTO thing (n) VALUES (1)"), {});
  }

  testing::TemporaryDirectory directory_;
  std::atomic<int> batches_{0};
  Writer writer_{[this] { return SqliteConnection::Open({.path = directory_ / "test.db"}); },
                 [this] { ++batches_; }};
};

// Whether it does in one round is luck: the second write has to be queued while the first one runs.
TEST_F(WriterTest, AWriteThatComesWhileABatchRunsSharesItsCommit) {
  bool shared = false;
  for (int round = 0; round < 100 && !shared; ++round) {
    const int before = batches_;
    std::thread second;
    const Status first = writer_.Write([&](Connection& connection) {
      std::atomic<bool> begun{false};
      second = std::thread([&] {
        begun = true;
        EXPECT_TRUE(writer_.Write(Insert).ok());
      });
      while (!begun) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return Insert(connection);
    });
    EXPECT_TRUE(first.ok());
    second.join();
    shared = batches_ == before + 1;
  }
  EXPECT_TRUE(shared);
}

TEST_F(WriterTest, ARefusalThatJoinedABatchUndoesOnlyItsOwnWrites) {
  for (int round = 0; round < 20; ++round) {
    std::thread second;
    const Status first = writer_.Write([&](Connection& connection) {
      if (second.joinable()) return Insert(connection);  // Run again, under a savepoint.
      second = std::thread([&] {
        const Status refused = writer_.Write([](Connection& inner) -> Status {
          if (Status done = Insert(inner); !done.ok()) return done;
          return Error{.code = ErrorCode::kConflict, .message = "no"};
        });
        EXPECT_EQ(refused.error().message, "no");
      });
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return Insert(connection);
    });
    EXPECT_TRUE(first.ok());
    second.join();
  }
  std::int64_t count = 0;
  EXPECT_TRUE(writer_
                  .Write([&count](Connection& connection) {
                    return connection.Query(Statement("SELECT count(*) FROM thing"), {},
                                            [&count](const Row& row) -> Status {
                                              count = row.Integer(0);
                                              return {};
                                            });
                  })
                  .ok());
  EXPECT_EQ(count, 20);
}

}  // namespace
}  // namespace passmint::sql::sqlite
