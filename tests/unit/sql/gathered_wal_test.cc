#include "sql/sqlite/gathered_wal.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

#include "support/failing_vfs.h"
#include "support/temporary_directory.h"

namespace passmint::sql::sqlite {
namespace {

// Thirty rows of a page each.
constexpr const char* kInsertThirty =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)"
    " INSERT INTO thing SELECT zeroblob(3500) FROM n";

class Connected {
 public:
  Connected(const std::string& path, const std::string& vfs) {
    EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                              vfs.empty() ? nullptr : vfs.c_str()),
              SQLITE_OK);
    EXPECT_EQ(Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0"),
              SQLITE_OK);
  }
  ~Connected() { (void)sqlite3_close(database_); }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;

  int Run(const char* sql) { return sqlite3_exec(database_, sql, nullptr, nullptr, nullptr); }

  // The first column of the first row.
  std::string Ask(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    std::string answer;
    EXPECT_EQ(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr), SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW) {
      answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    }
    (void)sqlite3_finalize(statement);
    return answer;
  }

 private:
  sqlite3* database_ = nullptr;
};

class GatheredWalTest : public ::testing::Test {
 protected:
  std::string Path() const { return directory_ / "test.db"; }

  testing::TemporaryDirectory directory_;
  testing::FailingVfs vfs_;
};

TEST_F(GatheredWalTest, ACommitOfManyPagesWritesTheFileOnce) {
  const auto calls_of_commit = [&](const std::string& vfs) {
    Connected connected(Path(), vfs);
    EXPECT_EQ(connected.Run("CREATE TABLE IF NOT EXISTS thing (bytes BLOB)"), SQLITE_OK);
    EXPECT_EQ(connected.Run("BEGIN IMMEDIATE"), SQLITE_OK);
    EXPECT_EQ(connected.Run(kInsertThirty), SQLITE_OK);
    const std::int64_t before = vfs_.calls.load();
    EXPECT_EQ(connected.Run("COMMIT"), SQLITE_OK);
    return vfs_.calls.load() - before;
  };
  EXPECT_GT(calls_of_commit(vfs_.name()), 60);
  // The WAL's header and its sync; 30 pages and a few more are two times what the unix VFS writes
  // at once; a last sync.
  EXPECT_LE(calls_of_commit(GatheredWalVfs(vfs_.name())), 5);
}

TEST_F(GatheredWalTest, ATransactionReadsWhatItSpilledAndOthersSeeItWhenItIsCommitted) {
  Connected writer(Path(), GatheredWalVfs(""));
  ASSERT_EQ(writer.Run("CREATE TABLE thing (bytes BLOB); PRAGMA cache_size=4"), SQLITE_OK);
  Connected reader(Path(), "");
  ASSERT_EQ(writer.Run("BEGIN IMMEDIATE"), SQLITE_OK);
  ASSERT_EQ(writer.Run(kInsertThirty), SQLITE_OK);
  ASSERT_EQ(writer.Run("UPDATE thing SET bytes = randomblob(3400) WHERE rowid % 3 = 0"), SQLITE_OK);
  EXPECT_EQ(writer.Ask("SELECT sum(length(bytes)) FROM thing"), "104000");
  EXPECT_EQ(reader.Ask("SELECT count(*) FROM thing"), "0");
  ASSERT_EQ(writer.Run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(reader.Ask("SELECT sum(length(bytes)) FROM thing"), "104000");
  EXPECT_EQ(reader.Ask("PRAGMA integrity_check"), "ok");
}

TEST_F(GatheredWalTest, WhatWasRolledBackAfterASpillIsWrittenOver) {
  Connected writer(Path(), GatheredWalVfs(""));
  ASSERT_EQ(writer.Run("CREATE TABLE thing (bytes BLOB); PRAGMA cache_size=4"), SQLITE_OK);
  ASSERT_EQ(writer.Run("BEGIN IMMEDIATE"), SQLITE_OK);
  ASSERT_EQ(writer.Run(kInsertThirty), SQLITE_OK);
  ASSERT_EQ(writer.Run("ROLLBACK"), SQLITE_OK);
  ASSERT_EQ(writer.Run("INSERT INTO thing VALUES (x'01')"), SQLITE_OK);
  Connected reader(Path(), "");
  EXPECT_EQ(reader.Ask("SELECT count(*) FROM thing"), "1");
  EXPECT_EQ(reader.Ask("PRAGMA integrity_check"), "ok");
}

TEST_F(GatheredWalTest, AWriteThatFailsWhenItIsSyncedFailsTheCommitAndNothingElse) {
  Connected writer(Path(), GatheredWalVfs(vfs_.name()));
  ASSERT_EQ(writer.Run("CREATE TABLE thing (bytes BLOB)"), SQLITE_OK);
  ASSERT_EQ(writer.Run("INSERT INTO thing VALUES (x'01')"), SQLITE_OK);
  for (const auto fault : {testing::FailingVfs::Fault::kIo, testing::FailingVfs::Fault::kShort}) {
    ASSERT_EQ(writer.Run("BEGIN IMMEDIATE"), SQLITE_OK);
    ASSERT_EQ(writer.Run(kInsertThirty), SQLITE_OK);
    vfs_.fail_at = vfs_.calls + 1;
    vfs_.fault = fault;
    EXPECT_NE(writer.Run("COMMIT"), SQLITE_OK);
    vfs_.fault = testing::FailingVfs::Fault::kNone;
    (void)writer.Run("ROLLBACK");
    Connected reader(Path(), "");
    EXPECT_EQ(reader.Ask("SELECT count(*) FROM thing"), "1");
  }
  ASSERT_EQ(writer.Run(kInsertThirty), SQLITE_OK);
  Connected reader(Path(), "");
  EXPECT_EQ(reader.Ask("SELECT count(*) FROM thing"), "31");
  EXPECT_EQ(reader.Ask("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace passmint::sql::sqlite
