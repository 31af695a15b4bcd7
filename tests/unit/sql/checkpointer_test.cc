#include "sql/sqlite/checkpointer.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "sql/error.h"
#include "support/temporary_directory.h"

namespace passmint::sql::sqlite {
namespace {

// A database with something in its WAL, and a checkpointer whose opening fails `failing_opens`
// times.
class CheckpointerTest : public ::testing::Test {
 protected:
  CheckpointerTest() {
    const std::ofstream made(directory_ / "test.db");
    auto opened = SqliteConnection::Open({.path = directory_ / "test.db"});
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    writer_ = std::move(opened).value();
    EXPECT_TRUE(writer_->ExecuteScript("CREATE TABLE thing (name TEXT) STRICT").ok());
  }

  Result<std::unique_ptr<SqliteConnection>> Open() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ++opens_;
      changed_.notify_all();
      if (opens_ <= failing_opens_) return MakeError(ErrorKind::kIo, "no more files");
    }
    return SqliteConnection::Open({.path = directory_ / "test.db"});
  }

  void Report(const Error& error) {
    const std::lock_guard<std::mutex> lock(mutex_);
    reported_.push_back(error.message);
    changed_.notify_all();
  }

  // Waits for `opens` openings and `reports` reports.
  void Await(int opens, std::size_t reports) {
    std::unique_lock<std::mutex> lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20),
                                  [&] { return opens_ >= opens && reported_.size() >= reports; }))
        << opens_ << " opened, " << reported_.size() << " reported";
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int failing_opens_ = 0;
  int opens_ = 0;
  std::vector<std::string> reported_;
  testing::TemporaryDirectory directory_;
  std::unique_ptr<SqliteConnection> writer_;
  Checkpointer checkpointer_{[this] { return Open(); },
                             [this](const Error& error) { Report(error); }};
};

TEST_F(CheckpointerTest, TriesAgainToOpenAConnectionThatCouldNotBeOpened) {
  failing_opens_ = 2;
  checkpointer_.Committed(kCheckpointFrames);
  Await(1, 1);
  checkpointer_.Committed(2 * kCheckpointFrames);
  Await(2, 2);
  checkpointer_.Committed(3 * kCheckpointFrames);
  Await(3, 2);
  checkpointer_.Stop();
  EXPECT_FALSE(checkpointer_.IsBroken());
  EXPECT_EQ(reported_.size(), 2u);
  EXPECT_EQ(reported_[0], "open for a checkpoint: no more files");
}

TEST_F(CheckpointerTest, DoesNotTryToOpenAgainBeforeTheNextCheckpointIsDue) {
  failing_opens_ = 1;
  checkpointer_.Committed(kCheckpointFrames);
  Await(1, 1);
  checkpointer_.Committed(kCheckpointFrames + 1);
  checkpointer_.Stop();
  EXPECT_EQ(opens_, 1);
}

TEST_F(CheckpointerTest, LetsAPausedWriterGoOnWhenOpeningFails) {
  failing_opens_ = 1000;
  checkpointer_.Committed(kPauseFrames);
  checkpointer_.AwaitTurn();
  checkpointer_.Stop();
  EXPECT_FALSE(checkpointer_.IsBroken());
}

}  // namespace
}  // namespace passmint::sql::sqlite
