#include "sql/postgresql/connection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/postgresql_cluster.h"

namespace passmint::sql::postgresql {
namespace {

using testing::PostgresqlCluster;

constexpr Statement kInsert("INSERT INTO thing (id, name, data) VALUES ($1, $2, $3)");
constexpr Statement kSelect("SELECT id, name, data FROM thing ORDER BY id");
constexpr Statement kNonsense("SELEKT 1");

class PostgresqlConnectionTest : public ::testing::Test {
 protected:
  PostgresqlConnectionTest()
      : url_(ConnectionUrl::Parse(PostgresqlCluster::Shared().MakeDatabase()).value()) {
    connection_ = Open(url_);
    connection_->BeginWrite();
    EXPECT_TRUE(connection_
                    ->ExecuteScript("CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY,"
                                    " name TEXT, data BYTEA) /*sqlite: STRICT */;")
                    .ok());
    EXPECT_TRUE(connection_->Commit().ok());
    connection_->BeginWrite();
  }

  static std::unique_ptr<PostgresqlConnection> Open(const ConnectionUrl& url) {
    auto opened = PostgresqlConnection::Open(url);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return std::move(opened).value();
  }

  ErrorKind KindOfExecute(const Statement& statement, Values values) {
    connection_->Rollback();
    (void)connection_->TakeFailure();
    connection_->BeginWrite();
    const auto result = connection_->Execute(statement, values);
    EXPECT_FALSE(result.ok());
    return KindOf(result.error()).value();
  }

  std::int64_t Count() {
    static constexpr Statement kCount("SELECT count(*) FROM thing");
    std::int64_t count = -1;
    const Status read = connection_->Query(kCount, {}, [&count](const Row& row) {
      count = row.Integer(0);
      return Status();
    });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return count;
  }

  const ConnectionUrl url_;
  std::unique_ptr<PostgresqlConnection> connection_;
};

TEST_F(PostgresqlConnectionTest, BindsValuesByTheirNumberWhereverTheyStand) {
  static constexpr Statement kMixed("SELECT $2, $1, $3, $1");
  std::vector<std::int64_t> seen;
  const Status done = connection_->Query(kMixed, {10, 20, 30}, [&](const Row& row) {
    for (int column = 0; column < 4; ++column) seen.push_back(row.Integer(column));
    return Status();
  });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(seen, (std::vector<std::int64_t>{20, 10, 30, 10}));
}

TEST_F(PostgresqlConnectionTest, KeepsEveryKindOfValue) {
  const std::string bytes("\0\xff\n", 3);
  // Null first: what the server then takes the parameters for must fit the values that follow.
  ASSERT_TRUE(connection_->Execute(kInsert, {INT64_MIN, std::nullopt, std::nullopt}).ok());
  ASSERT_TRUE(connection_->Execute(kInsert, {1, "текст", Bytes{bytes}}).ok());
  ASSERT_TRUE(connection_->Execute(kInsert, {2, "", Bytes{""}}).ok());
  int rows = 0;
  const Status done = connection_->Query(kSelect, {}, [&](const Row& row) {
    switch (rows++) {
      case 0:
        EXPECT_EQ(row.Integer(0), INT64_MIN);
        EXPECT_TRUE(row.IsNull(1) && row.IsNull(2));
        break;
      case 1:
        EXPECT_EQ(row.Text(1), "текст");
        EXPECT_EQ(row.Bytes(2), bytes);
        break;
      default:
        EXPECT_FALSE(row.IsNull(1) || row.IsNull(2));
        EXPECT_EQ(row.Text(1).size() + row.Bytes(2).size(), 0u);
    }
    return Status();
  });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(rows, 3);
}

TEST_F(PostgresqlConnectionTest, CountsTheRowsThatAStatementWrote) {
  static constexpr Statement kIgnore(
      "INSERT INTO thing (id) VALUES ($1) ON CONFLICT (id) DO NOTHING");
  static constexpr Statement kUpdate("UPDATE thing SET name = $1");
  EXPECT_EQ(connection_->Execute(kIgnore, {1}).value(), 1);
  EXPECT_EQ(connection_->Execute(kIgnore, {1}).value(), 0);
  EXPECT_EQ(connection_->Execute(kIgnore, {2}).value(), 1);
  EXPECT_EQ(connection_->Execute(kUpdate, {"x"}).value(), 2);
}

TEST_F(PostgresqlConnectionTest, SaysWhatKindOfFailureItWas) {
  static constexpr Statement kTwice("INSERT INTO thing (id) VALUES (1), (1)");
  EXPECT_EQ(KindOfExecute(kTwice, {}), ErrorKind::kUnique);
  EXPECT_EQ(KindOfExecute(kNonsense, {}), ErrorKind::kOther);
  EXPECT_EQ(KindOfExecute(kInsert, {1}), ErrorKind::kOther);
}

TEST_F(PostgresqlConnectionTest, AStatementThatCouldNotBePreparedIsPreparedNextTime) {
  EXPECT_EQ(KindOfExecute(kNonsense, {}), ErrorKind::kOther);
  EXPECT_EQ(KindOfExecute(kNonsense, {}), ErrorKind::kOther);
  connection_->Rollback();
  (void)connection_->TakeFailure();
  connection_->BeginWrite();
  EXPECT_TRUE(connection_->Execute(kInsert, {1, "a", std::nullopt}).ok());
}

TEST_F(PostgresqlConnectionTest, AColumnOfAnotherTypeIsDamage) {
  static constexpr Statement kText("SELECT 'text'");
  const Status read = connection_->Query(kText, {}, [](const Row& row) {
    EXPECT_EQ(row.Integer(0), 0);
    return Status();
  });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(KindOf(read.error()), ErrorKind::kCorrupt);
}

TEST_F(PostgresqlConnectionTest, ARefusalWhileReadingStopsTheQueryAndNothingElse) {
  ASSERT_TRUE(connection_->Execute(kInsert, {1, "a", std::nullopt}).ok());
  ASSERT_TRUE(connection_->Execute(kInsert, {2, "b", std::nullopt}).ok());
  int rows = 0;
  const Status read = connection_->Query(kSelect, {}, [&rows](const Row&) -> Status {
    ++rows;
    return Error{.code = ErrorCode::kConflict, .message = "enough"};
  });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message, "enough");
  EXPECT_EQ(rows, 1);
  EXPECT_FALSE(connection_->TakeFailure().has_value()) << "the database did not fail";
  EXPECT_EQ(Count(), 2);
}

TEST_F(PostgresqlConnectionTest, WhatIsSentIsSeenByWhatFollowsAndIsCommitted) {
  for (int n = 0; n < 300; ++n) {
    ASSERT_TRUE(connection_->Send(kInsert, {n, "a", std::nullopt}).ok());
  }
  EXPECT_EQ(Count(), 300);
  ASSERT_TRUE(connection_->Send(kInsert, {1000, "last", std::nullopt}).ok());
  ASSERT_TRUE(connection_->Commit().ok());
  connection_->BeginRead();
  EXPECT_EQ(Count(), 301);
}

TEST_F(PostgresqlConnectionTest, AFailureOfWhatWasSentComesOutOfTheNextCallOrOfTheCommit) {
  ASSERT_TRUE(connection_->Send(kInsert, {1, "a", std::nullopt}).ok());
  ASSERT_TRUE(connection_->Send(kInsert, {1, "b", std::nullopt}).ok());
  const Status committed = connection_->Commit();
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(KindOf(committed.error()), ErrorKind::kUnique);
  EXPECT_FALSE(connection_->CommitInDoubt());
  connection_->Rollback();
  EXPECT_TRUE(connection_->TakeFailure().has_value());

  connection_->BeginWrite();
  EXPECT_EQ(Count(), 0);
  ASSERT_TRUE(connection_->Send(kInsert, {1, "a", std::nullopt}).ok());
  ASSERT_TRUE(connection_->Send(kInsert, {1, "b", std::nullopt}).ok());
  const auto next = connection_->Execute(kInsert, {2, "c", std::nullopt});
  ASSERT_FALSE(next.ok());
  EXPECT_EQ(KindOf(next.error()), ErrorKind::kUnique);
}

TEST_F(PostgresqlConnectionTest, ATransactionThatWasGivenUpDisturbsNoOther) {
  ASSERT_TRUE(connection_->Send(kInsert, {1, "a", std::nullopt}).ok());
  ASSERT_TRUE(connection_->Send(kInsert, {1, "b", std::nullopt}).ok());
  ASSERT_TRUE(connection_->Send(kNonsense, {}).ok());
  connection_->Rollback();
  connection_->BeginWrite();
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(connection_->Execute(kInsert, {1, "c", std::nullopt}).ok());
  EXPECT_TRUE(connection_->Commit().ok());
  EXPECT_FALSE(connection_->TakeFailure().has_value());
}

TEST_F(PostgresqlConnectionTest, ReadersWriteAndLockNothing) {
  static constexpr Statement kLocked("SELECT id FROM thing WHERE id = $1 /*lock: FOR UPDATE*/");
  ASSERT_TRUE(connection_->Execute(kInsert, {1, "a", std::nullopt}).ok());
  ASSERT_TRUE(connection_->Commit().ok());
  connection_->BeginWrite();
  ASSERT_TRUE(connection_->Lock(kLocked, {1}).ok());
  EXPECT_EQ(Count(), 1);
  const auto reader = Open(url_);
  reader->BeginRead();
  ASSERT_TRUE(reader->Lock(kLocked, {1}).ok());
  int rows = 0;
  EXPECT_TRUE(reader
                  ->Query(kLocked, {1},
                          [&rows](const Row&) {
                            ++rows;
                            return Status();
                          })
                  .ok());
  EXPECT_EQ(rows, 1) << "the writer's lock is in no reader's way";
  const Status written = reader->Send(kInsert, {2, "b", std::nullopt});
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(KindOf(written.error()), ErrorKind::kReadOnly);
}

TEST_F(PostgresqlConnectionTest, ManyMegabytesFitThroughThePipeline) {
  const std::string megabyte(1 << 20, 'x');
  for (int n = 0; n < 20; ++n) {
    ASSERT_TRUE(connection_->Send(kInsert, {n, std::nullopt, Bytes{megabyte}}).ok());
  }
  std::size_t bytes = 0;
  ASSERT_TRUE(connection_
                  ->Query(kSelect, {},
                          [&bytes](const Row& row) {
                            bytes += row.Bytes(2).size();
                            return Status();
                          })
                  .ok());
  EXPECT_EQ(bytes, 20u << 20);
}

// As behind a pooler that hands our statements' connection to somebody else.
TEST_F(PostgresqlConnectionTest, StatementsThatAPoolerLostAreSentWithoutNamesFromThenOn) {
  static constexpr Statement kLose("DEALLOCATE ALL");
  ASSERT_TRUE(connection_->Execute(kInsert, {1, "a", std::nullopt}).ok());
  ASSERT_TRUE(connection_->Commit().ok());
  connection_->BeginWrite();
  (void)connection_->Execute(kLose, {}).ok();
  const auto lost = connection_->Execute(kInsert, {2, "b", std::nullopt});
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(KindOf(lost.error()), ErrorKind::kSerialization) << "run again";
  connection_->Rollback();
  (void)connection_->TakeFailure();
  connection_->BeginWrite();
  EXPECT_TRUE(connection_->Execute(kInsert, {2, "b", std::nullopt}).ok());
  EXPECT_EQ(Count(), 2);
  EXPECT_TRUE(connection_->Commit().ok());
}

class PostgresqlOpenTest : public ::testing::Test {
 protected:
  static Error Refusal(const std::string& url) {
    const auto parsed = ConnectionUrl::Parse(url);
    EXPECT_TRUE(parsed.ok());
    const auto opened = PostgresqlConnection::Open(parsed.value());
    EXPECT_FALSE(opened.ok()) << url;
    if (opened.ok()) return {};
    EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
    EXPECT_NE(opened.error().hint, "") << opened.error().message;
    EXPECT_EQ(opened.error().message.find("LOCATION"), std::string::npos);
    return opened.error();
  }

  PostgresqlCluster& cluster_ = PostgresqlCluster::Shared();
};

TEST_F(PostgresqlOpenTest, NamesTheDatabaseThatIsNotThere) {
  const Error error = Refusal(cluster_.Url("nowhere"));
  EXPECT_EQ(error.reason, "store_no_database");
  EXPECT_NE(error.message.find("nowhere"), std::string::npos);
}

TEST_F(PostgresqlOpenTest, SaysThatNobodyListens) {
  EXPECT_EQ(Refusal("postgresql:///x?host=/nonexistent").reason, "store_unreachable");
  EXPECT_EQ(Refusal("postgresql://shop:hunter2@127.0.0.1:1/x").reason, "store_unreachable");
}

TEST_F(PostgresqlOpenTest, AWrongPasswordIsNamedAndNotRepeated) {
  testing::PostgresqlCluster guarded;
  guarded.Sql("CREATE ROLE shop LOGIN PASSWORD 'right'");
  guarded.RequirePasswords();
  const Error error = Refusal(guarded.Url("postgres", "user=shop&password=hunter2"));
  EXPECT_EQ(error.reason, "store_auth");
  EXPECT_EQ((error.message + error.hint).find("hunter2"), std::string::npos) << error.message;
  const auto right = ConnectionUrl::Parse(guarded.Url("postgres", "user=shop&password=right"));
  EXPECT_TRUE(PostgresqlConnection::Open(right.value()).ok());
  EXPECT_EQ(Refusal(guarded.Url("postgres", "user=shop&passfile=/dev/null")).reason, "store_auth")
      << "no password at all";
}

TEST_F(PostgresqlOpenTest, RefusesAServerThatWouldLoseWhatWasAcknowledged) {
  cluster_.Sql("CREATE DATABASE unsafe");
  cluster_.Sql("ALTER DATABASE unsafe SET synchronous_commit = off");
  const Error error = Refusal(cluster_.Url("unsafe"));
  EXPECT_EQ(error.reason, "store_unsafe");
  EXPECT_NE(error.hint.find("synchronous_commit = on"), std::string::npos);
}

TEST_F(PostgresqlOpenTest, RefusesADatabaseThatIsNotInUtf8) {
  cluster_.Sql("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
  EXPECT_EQ(Refusal(cluster_.Url("latin")).reason, "store_encoding");
}

TEST_F(PostgresqlOpenTest, ReadsThePasswordFromPgpassfile) {
  testing::PostgresqlCluster guarded;
  guarded.Sql("CREATE ROLE shop LOGIN PASSWORD 'right'");
  guarded.RequirePasswords();
  const std::string file = guarded.WriteFile("pgpass", "*:*:*:shop:right\n");
  const auto url = ConnectionUrl::Parse(guarded.Url("postgres", "user=shop&passfile=" + file));
  const auto opened = PostgresqlConnection::Open(url.value());
  EXPECT_TRUE(opened.ok()) << opened.error().message;
}

}  // namespace
}  // namespace passmint::sql::postgresql
