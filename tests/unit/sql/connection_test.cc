#include "sql/sqlite/connection.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "support/temporary_directory.h"

namespace passmint::sql {
namespace {

using sqlite::SqliteConnection;

class SqliteConnectionTest : public ::testing::Test {
 protected:
  SqliteConnectionTest() {
    const std::string path = directory_ / "test.db";
    std::ofstream(path).close();
    auto opened = SqliteConnection::Open({.path = path});
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    connection_ = std::move(opened).value();
    EXPECT_TRUE(connection_
                    ->ExecuteScript("CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY,"
                                    " name TEXT, data BYTEA) /*sqlite: STRICT */;")
                    .ok());
  }

  ErrorKind KindOfExecute(const Statement& statement, Values values) {
    const auto result = connection_->Execute(statement, values);
    EXPECT_FALSE(result.ok());
    return KindOf(result.error()).value();
  }

  testing::TemporaryDirectory directory_;
  std::unique_ptr<SqliteConnection> connection_;
};

constexpr Statement kInsert("INSERT INTO thing (id, name, data) VALUES ($1, $2, $3)");
constexpr Statement kSelect("SELECT id, name, data FROM thing ORDER BY id");

TEST_F(SqliteConnectionTest, BindsValuesByTheirNumberWhereverTheyStand) {
  static constexpr Statement kMixed("SELECT $2, $1, $3, $1");
  std::vector<std::int64_t> seen;
  const Status done = connection_->Query(kMixed, {10, 20, 30}, [&](const Row& row) {
    for (int column = 0; column < 4; ++column) seen.push_back(row.Integer(column));
    return Status();
  });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(seen, (std::vector<std::int64_t>{20, 10, 30, 10}));
}

TEST_F(SqliteConnectionTest, KeepsEveryKindOfValue) {
  const std::string bytes("\0\xff\n", 3);
  ASSERT_TRUE(connection_->Execute(kInsert, {1, "текст", Bytes{bytes}}).ok());
  ASSERT_TRUE(connection_->Execute(kInsert, {2, "", Bytes{""}}).ok());
  ASSERT_TRUE(connection_->Execute(kInsert, {INT64_MIN, std::nullopt, std::nullopt}).ok());
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

TEST_F(SqliteConnectionTest, CountsTheRowsThatAStatementWrote) {
  static constexpr Statement kIgnore(
      "INSERT INTO thing (id) VALUES ($1) ON CONFLICT (id) DO NOTHING");
  static constexpr Statement kUpdate("UPDATE thing SET name = $1");
  EXPECT_EQ(connection_->Execute(kIgnore, {1}).value(), 1);
  EXPECT_EQ(connection_->Execute(kIgnore, {1}).value(), 0);
  EXPECT_EQ(connection_->Execute(kIgnore, {2}).value(), 1);
  EXPECT_EQ(connection_->Execute(kUpdate, {"x"}).value(), 2);
}

TEST_F(SqliteConnectionTest, SaysWhatKindOfFailureItWas) {
  static constexpr Statement kNonsense("SELEKT 1");
  static constexpr Statement kWrongType("INSERT INTO thing (id, name) VALUES (9, x'00')");
  ASSERT_TRUE(connection_->Execute(kInsert, {1, "a", std::nullopt}).ok());
  EXPECT_EQ(KindOfExecute(kInsert, {1, "b", std::nullopt}), ErrorKind::kUnique);
  EXPECT_EQ(KindOfExecute(kNonsense, {}), ErrorKind::kOther);
  EXPECT_EQ(KindOfExecute(kWrongType, {}), ErrorKind::kOther);
  EXPECT_EQ(KindOfExecute(kInsert, {1}), ErrorKind::kOther);
}

TEST_F(SqliteConnectionTest, AStatementThatFailedCanBeUsedAgain) {
  ASSERT_TRUE(connection_->Execute(kInsert, {1, "a", std::nullopt}).ok());
  ASSERT_FALSE(connection_->Execute(kInsert, {1, "b", std::nullopt}).ok());
  EXPECT_TRUE(connection_->Execute(kInsert, {2, "b", std::nullopt}).ok());
}

TEST_F(SqliteConnectionTest, AColumnOfAnotherTypeIsDamage) {
  static constexpr Statement kText("SELECT 'text'");
  const Status read = connection_->Query(kText, {}, [](const Row& row) {
    EXPECT_EQ(row.Integer(0), 0);
    return Status();
  });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(KindOf(read.error()), ErrorKind::kCorrupt);
}

TEST_F(SqliteConnectionTest, ARefusalWhileReadingStopsTheQuery) {
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
}

TEST_F(SqliteConnectionTest, RemembersTheFirstFailure) {
  static constexpr Statement kNonsense("SELEKT 1");
  (void)connection_->Execute(kNonsense, {}).ok();
  (void)connection_->Execute(kInsert, {1, "a", std::nullopt}).ok();
  EXPECT_TRUE(connection_->TakeFailure().has_value());
  EXPECT_FALSE(connection_->TakeFailure().has_value());
}

TEST(SqlErrorTest, EveryKindIsFoundAgainInItsError) {
  for (const ErrorKind kind : {ErrorKind::kUnique, ErrorKind::kBusy, ErrorKind::kSerialization,
                               ErrorKind::kGone, ErrorKind::kFull, ErrorKind::kIo,
                               ErrorKind::kReadOnly, ErrorKind::kCorrupt, ErrorKind::kOther}) {
    EXPECT_EQ(KindOf(MakeError(kind, "x")), kind);
  }
  EXPECT_EQ(KindOf(Error{.code = ErrorCode::kConflict, .message = "x"}), std::nullopt);
  EXPECT_EQ(MakeError(ErrorKind::kFull, "x").code, ErrorCode::kUnavailable);
  EXPECT_EQ(MakeError(ErrorKind::kFull, "x").reason, "disk_full");
  EXPECT_NE(MakeError(ErrorKind::kFull, "x").hint, "");
}

}  // namespace
}  // namespace passmint::sql
