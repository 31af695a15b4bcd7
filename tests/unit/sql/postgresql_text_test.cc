#include <gtest/gtest.h>

#include "sql/postgresql/connection_url.h"
#include "sql/postgresql/sqlstate.h"
#include "sql/postgresql/statement_text.h"

namespace passmint::sql::postgresql {
namespace {

Error RefusalOf(const char* url) {
  const auto parsed = ConnectionUrl::Parse(url);
  EXPECT_FALSE(parsed.ok()) << url;
  return parsed.ok() ? Error{} : parsed.error();
}

TEST(PostgresqlTextTest, ALockMarkerIsSqlToWritersAndACommentToReaders) {
  EXPECT_EQ(WithLocks("SELECT 1 FROM card WHERE id = $1 /*lock: FOR UPDATE*/"),
            "SELECT 1 FROM card WHERE id = $1  FOR UPDATE");
  EXPECT_EQ(WithLocks("SELECT 1 /* lock: no */"), "SELECT 1 /* lock: no */");
  EXPECT_EQ(WithLocks("SELECT 1 /*lock: FOR"), "SELECT 1 /*lock: FOR");
}

TEST(PostgresqlTextTest, AScriptKeepsWhatIsForPostgresqlAlone) {
  EXPECT_EQ(ForPostgresql("A /*sqlite: STRICT */; /*postgresql: B; */ C;"),
            "A /*sqlite: STRICT */;  B;  C;");
}

TEST(PostgresqlTextTest, TheSameTextHasTheSameNameAndAnotherTextAnother) {
  EXPECT_EQ(StatementName("SELECT 1"), StatementName("SELECT 1"));
  EXPECT_NE(StatementName("SELECT 1"), StatementName("SELECT 2"));
  EXPECT_LT(StatementName("SELECT 1").size(), 64u) << "PostgreSQL cuts names at 63 bytes";
}

TEST(PostgresqlUrlTest, ShowsWhereButNotWho) {
  const auto url =
      ConnectionUrl::Parse("postgresql://shop:hunter%402@db.example:6432/passmint?sslmode=require");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url.value().shown(), "database passmint at db.example:6432");
  EXPECT_EQ(url.value().WithoutPassword("no: hunter@2, hunter@2"), "no: ***, ***");
}

TEST(PostgresqlUrlTest, LeavesToLibpqWhatItDoesNotSay) {
  EXPECT_TRUE(ConnectionUrl::Parse("postgresql://").ok());
  EXPECT_TRUE(ConnectionUrl::Parse("postgresql://?service=shop").ok());
  EXPECT_TRUE(ConnectionUrl::Parse("postgres:///passmint?host=/run/postgresql").ok());
}

TEST(PostgresqlUrlTest, NeverRepeatsAPasswordThatWasNotEscaped) {
  for (const char* url :
       {"postgresql://shop:hunter%zz@db/passmint", "postgresql://shop:hun@hunter2@db/passmint",
        "postgresql://shop:hun/hunter2@db/passmint", "postgresql://shop:x@db/passmint?hunter2",
        "hunter2"}) {
    const Error error = RefusalOf(url);
    EXPECT_EQ(error.code, ErrorCode::kInvalidArgument) << url;
    EXPECT_EQ((error.message + error.hint).find("hunter"), std::string::npos) << error.message;
    EXPECT_NE(error.hint, "");
  }
}

TEST(PostgresqlErrorTest, EveryStateThatMattersHasItsKind) {
  struct Expected {
    const char* state;
    ErrorKind kind;
  };
  for (const Expected& expected : {Expected{"23505", ErrorKind::kUnique},
                                   {"40001", ErrorKind::kSerialization},
                                   {"40P01", ErrorKind::kSerialization},
                                   {"53100", ErrorKind::kFull},
                                   {"53300", ErrorKind::kBusy},
                                   {"53200", ErrorKind::kIo},
                                   {"58030", ErrorKind::kIo},
                                   {"25006", ErrorKind::kReadOnly},
                                   {"42501", ErrorKind::kReadOnly},
                                   {"57P01", ErrorKind::kGone},
                                   {"57P02", ErrorKind::kGone},
                                   {"08006", ErrorKind::kGone},
                                   {"XX001", ErrorKind::kCorrupt},
                                   {"42601", ErrorKind::kOther},
                                   {"23502", ErrorKind::kOther},
                                   {"26000", ErrorKind::kSerialization}}) {
    EXPECT_EQ(KindOfSqlState(expected.state), expected.kind) << expected.state;
  }
  EXPECT_EQ(MakeStatementError("57014", "canceled").reason, "store_timeout");
  EXPECT_EQ(MakePostgresqlError(ErrorKind::kFull, "x").hint.find("file"), std::string::npos);
}

}  // namespace
}  // namespace passmint::sql::postgresql
