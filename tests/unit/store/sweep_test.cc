#include <gtest/gtest.h>

#include <string>

#include "sql/sqlite/database.h"
#include "store/migrate.h"
#include "store/sql_store.h"
#include "store/sql_transaction.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

namespace passmint::store {
namespace {

using std::chrono::hours;

class SweepTest : public ::testing::Test {
 protected:
  SweepTest() {
    auto opened = sql::sqlite::OpenDatabase({.path = directory_ / "test.db", .application_id = 7});
    EXPECT_TRUE(opened.ok());
    database_ = opened.value().get();
    EXPECT_TRUE(Migrate(*database_, Migrations(), clock_.Now()).ok());
    store_ = std::make_unique<SqlStore>(std::nullopt, std::move(opened).value(), clock_, nullptr);
  }

  void PutAnswers(int first, int count) {
    const Status written = store_->Write([&](issuance::Transaction& t) -> Status {
      for (int n = first; n < first + count; ++n) {
        Status put = t.PutAnswer("scope", IdempotencyKey(std::to_string(n)), {"f", 200, "{}"},
                                 std::nullopt, t.Now() + hours(1));
        if (!put.ok()) return put;
      }
      return {};
    });
    EXPECT_TRUE(written.ok());
  }

  std::int64_t Rows() {
    static constexpr sql::Statement kCount("SELECT count(*) FROM stored_answer");
    std::int64_t rows = -1;
    const Status read = database_->Read([&rows](sql::Connection& connection) {
      return connection.Query(kCount, {}, [&rows](const sql::Row& row) {
        rows = row.Integer(0);
        return Status();
      });
    });
    EXPECT_TRUE(read.ok());
    return rows;
  }

  testing::FakeClock clock_;
  testing::TemporaryDirectory directory_;
  std::unique_ptr<issuance::Store> store_;
  sql::Database* database_ = nullptr;  // The store's.
};

TEST_F(SweepTest, NewAnswersPushExpiredOnesOutAFewAtATime) {
  PutAnswers(0, 1000);
  EXPECT_EQ(Rows(), 1000);
  clock_.Advance(hours(2));
  PutAnswers(1000, static_cast<int>(kAnswersPerSweep));
  EXPECT_EQ(Rows(), 1000 + static_cast<int>(kAnswersPerSweep) - kAnswersSwept);
  PutAnswers(2000, 400);
  EXPECT_EQ(Rows(), 400 + static_cast<int>(kAnswersPerSweep));
}

TEST_F(SweepTest, AnswersThatStandAreNotSwept) {
  PutAnswers(0, 1000);
  clock_.Advance(hours(1) - std::chrono::seconds(1));
  PutAnswers(1000, 100);
  EXPECT_EQ(Rows(), 1100);
}

}  // namespace
}  // namespace passmint::store
