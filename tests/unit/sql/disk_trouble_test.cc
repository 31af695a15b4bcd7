#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "sql/sqlite/checkpointer.h"
#include "sql/sqlite/database.h"
#include "support/failing_vfs.h"
#include "support/temporary_directory.h"

namespace passmint::sql::sqlite {
namespace {

constexpr Statement kInsert("INSERT INTO thing (name, filler) VALUES ($1, $2)");
constexpr Statement kNames("SELECT name FROM thing");

class DiskTroubleTest : public ::testing::Test {
 protected:
  DiskTroubleTest() { Open(); }

  void Open() {
    database_.reset();
    auto opened = OpenDatabase({.path = directory_ / "test.db",
                                .vfs = vfs_.name(),
                                .application_id = 7,
                                .report = [this](const Error& error) {
                                  const std::lock_guard<std::mutex> lock(mutex_);
                                  reported_.push_back(error.reason);
                                }});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    database_ = std::move(opened).value();
    const Status made = database_->Write([](Connection& connection) {
      return connection.ExecuteScript(
          "CREATE TABLE IF NOT EXISTS thing (name TEXT NOT NULL, filler TEXT NOT NULL);");
    });
    ASSERT_TRUE(made.ok()) << made.error().message;
  }

  Status Insert(const std::string& name, std::size_t filler_bytes = 100) {
    const std::string filler(filler_bytes, 'x');
    return database_->Write([&](Connection& connection) -> Status {
      auto done = connection.Execute(kInsert, {name, filler});
      if (!done.ok()) return std::move(done).error();
      return {};
    });
  }

  std::multiset<std::string> Names() {
    std::multiset<std::string> names;
    const Status read = database_->Read([&](Connection& connection) {
      names.clear();
      return connection.Query(kNames, {}, [&](const Row& row) {
        names.emplace(row.Text(0));
        return Status();
      });
    });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return names;
  }

  std::vector<std::string> Reported() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return reported_;
  }

  std::mutex mutex_;
  std::vector<std::string> reported_;
  testing::FailingVfs vfs_;
  testing::TemporaryDirectory directory_;
  std::unique_ptr<Database> database_;
};

TEST_F(DiskTroubleTest, AFullDiskRefusesWritesAndKeepsReading) {
  ASSERT_TRUE(Insert("before").ok());
  vfs_.room = 0;
  const Status refused = Insert("during");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(refused.error().reason, "disk_full");
  EXPECT_NE(refused.error().hint, "");
  EXPECT_EQ(Names(), (std::multiset<std::string>{"before"}));
}

TEST_F(DiskTroubleTest, WritingGoesOnByItselfOnceThereIsRoom) {
  vfs_.room = 0;
  EXPECT_FALSE(Insert("during").ok());
  EXPECT_FALSE(Insert("during", 200'000).ok());
  vfs_.room = -1;
  EXPECT_TRUE(Insert("after").ok());
  Open();
  EXPECT_EQ(Names(), (std::multiset<std::string>{"after"}));
}

TEST_F(DiskTroubleTest, AWriteTooLargeForTheRoomLeavesRoomForSmallOnes) {
  vfs_.room = 300'000;
  EXPECT_FALSE(Insert("large", 4'000'000).ok());
  EXPECT_TRUE(Insert("small").ok());
  EXPECT_EQ(Names(), (std::multiset<std::string>{"small"}));
}

TEST_F(DiskTroubleTest, OnADiskThatFillsAndEmptiesEveryAnswerIsTrue) {
  std::mutex mutex;
  std::multiset<std::string> acknowledged;
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int n = 0; n < 60; ++n) {
        const std::string name = std::to_string(thread) + "/" + std::to_string(n);
        const Status written = Insert(name, 5000);
        const std::lock_guard<std::mutex> lock(mutex);
        if (written.ok()) {
          acknowledged.insert(name);
        } else {
          EXPECT_EQ(written.error().reason, "disk_full") << written.error().message;
          ++refused;
        }
      }
    });
  }
  std::atomic<bool> stop{false};
  std::thread disk([&] {
    for (int n = 0; !stop.load(); ++n) {
      vfs_.room = n % 2 == 0 ? 40'000 : -1;
      std::this_thread::sleep_for(std::chrono::milliseconds(15));
    }
    vfs_.room = -1;
  });
  for (std::thread& thread : threads) thread.join();
  stop.store(true);
  disk.join();
  EXPECT_GT(refused.load(), 0) << "the disk was never full";
  EXPECT_GT(acknowledged.size(), 0u);
  EXPECT_EQ(Names(), acknowledged);
  Open();
  EXPECT_EQ(Names(), acknowledged);
}

TEST_F(DiskTroubleTest, OpeningOnAFullDiskSaysSo) {
  vfs_.room = 0;
  const auto opened =
      OpenDatabase({.path = directory_ / "other.db", .vfs = vfs_.name(), .application_id = 7});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().reason, "disk_full") << opened.error().message;
}

TEST_F(DiskTroubleTest, AFailedSyncAcknowledgesNobodyAndIsOverWithTheNextWrite) {
  ASSERT_TRUE(Insert("before").ok());
  vfs_.failing_wal_syncs = 1;
  const Status failed = Insert("doubtful");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(failed.error().reason, "store_io");
  EXPECT_TRUE(Insert("after").ok());
  Open();
  std::multiset<std::string> names = Names();
  names.erase("doubtful");  // It may be there or not.
  EXPECT_EQ(names, (std::multiset<std::string>{"after", "before"}));
}

TEST_F(DiskTroubleTest, AfterAFailedSyncOfTheFileTheWalKeepsEverything) {
  vfs_.failing_database_syncs = 1;
  std::multiset<std::string> written;
  for (int n = 0; Reported().empty() && n < 1000; ++n) {
    const std::string name = std::to_string(n);
    ASSERT_TRUE(Insert(name, 40'000).ok());
    written.insert(name);
  }
  ASSERT_EQ(Reported(), (std::vector<std::string>{"store_io"}));
  const int syncs = vfs_.database_syncs.load();
  // Beyond the length at which the writer would pause.
  for (int n = 0; n < 3 * kPauseFrames / 1000; ++n) {
    const std::string name = "after " + std::to_string(n);
    ASSERT_TRUE(Insert(name, 2'000'000).ok());
    written.insert(name);
  }
  database_.reset();
  EXPECT_EQ(vfs_.database_syncs.load(), syncs)
      << "nobody may trust the file before it is read anew";
  EXPECT_GT(std::filesystem::file_size(directory_ / "test.db-wal"), 0u);
  Open();
  EXPECT_EQ(Names(), written);
  EXPECT_GT(vfs_.database_syncs.load(), syncs);
}

}  // namespace
}  // namespace passmint::sql::sqlite
