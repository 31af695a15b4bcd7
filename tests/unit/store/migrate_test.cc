#include "store/migrate.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "sql/sqlite/database.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

namespace passmint::store {
namespace {

using sql::Connection;
using sql::Row;
using sql::Statement;

constexpr std::array<Migration, 3> kSteps = {{
    {1, "0001_one", "CREATE TABLE one (id BIGINT NOT NULL) /*sqlite: STRICT */;"},
    {2, "0002_two", "ALTER TABLE one ADD COLUMN name TEXT; INSERT INTO one VALUES (1, 'a');"},
    {3, "0003_broken", "INSERT INTO one VALUES (2, 'b'); INSERT INTO nowhere VALUES (1);"},
}};

std::span<const Migration> FirstSteps(std::size_t count) {
  return std::span<const Migration>(kSteps).first(count);
}

class MigrateTest : public ::testing::Test {
 protected:
  MigrateTest() : database_(Open()) {}

  std::unique_ptr<sql::Database> Open() {
    auto opened = sql::sqlite::OpenDatabase({.path = directory_ / "test.db", .application_id = 7});
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return std::move(opened).value();
  }

  std::int64_t Rows() {
    static constexpr Statement kCount("SELECT count(*) FROM one");
    std::int64_t rows = -1;
    const Status read = database_->Read([&rows](Connection& connection) {
      return connection.Query(kCount, {}, [&rows](const Row& row) {
        rows = row.Integer(0);
        return Status();
      });
    });
    EXPECT_TRUE(read.ok());
    return rows;
  }

  testing::TemporaryDirectory directory_;
  std::unique_ptr<sql::Database> database_;
  const Timestamp now_ = testing::FakeClock().Now();
};

TEST(MigrationsTest, AreNumberedWithoutGaps) {
  int version = 0;
  for (const Migration& migration : Migrations()) {
    EXPECT_EQ(migration.version, ++version);
    EXPECT_FALSE(migration.script.empty());
  }
  EXPECT_GT(version, 0);
}

TEST_F(MigrateTest, AppliesWhatIsMissingAndNothingTwice) {
  ASSERT_TRUE(Migrate(*database_, FirstSteps(1), now_).ok());
  EXPECT_EQ(SchemaVersion(*database_).value(), 1);
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(Migrate(*database_, FirstSteps(2), now_).ok());
    EXPECT_EQ(SchemaVersion(*database_).value(), 2);
    EXPECT_EQ(Rows(), 1);
  }
}

TEST_F(MigrateTest, AFailingStepLeavesNothingOfItselfAndKeepsTheOnesBefore) {
  const Status migrated = Migrate(*database_, FirstSteps(3), now_);
  ASSERT_FALSE(migrated.ok());
  EXPECT_NE(migrated.error().message.find("0003_broken"), std::string::npos);
  EXPECT_EQ(SchemaVersion(*database_).value(), 2);
  EXPECT_EQ(Rows(), 1);
}

TEST_F(MigrateTest, RefusesAStoreThatIsAhead) {
  ASSERT_TRUE(Migrate(*database_, FirstSteps(2), now_).ok());
  const Status refused = Migrate(*database_, FirstSteps(1), now_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "store_newer");
}

TEST_F(MigrateTest, ManyAtOnceMigrateOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> done{0};
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&] {
      const auto own = Open();
      if (Migrate(*own, FirstSteps(2), now_).ok()) ++done;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done.load(), 4);
  EXPECT_EQ(Rows(), 1);
}

}  // namespace
}  // namespace passmint::store
