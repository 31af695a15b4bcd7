// What one accrual costs in statements and, on PostgreSQL, in round trips: counts that say the same
// on every machine.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/system_clock.h"
#include "bench/ledger/shop.h"
#include "sql/postgresql/database.h"
#include "sql/sqlite/database.h"
#include "store/migrate.h"
#include "store/sql_store.h"
#include "support/postgresql_cluster.h"
#include "support/temporary_directory.h"

namespace passmint::testing {
namespace {

struct Counts {
  std::vector<std::string> statements;  // Without those that only lock.
  int round_trips = 0;                  // Of a driver that sends what need not be answered at once.
};

class CountingConnection final : public sql::Connection {
 public:
  CountingConnection(sql::Connection& inner, Counts& counts) : inner_(inner), counts_(counts) {}

  Result<std::int64_t> Execute(const sql::Statement& statement, sql::Values values) override {
    Count(statement, 1);
    return inner_.Execute(statement, values);
  }
  Status Send(const sql::Statement& statement, sql::Values values) override {
    Count(statement, 0);
    return inner_.Send(statement, values);
  }
  Status SendOrLose(const sql::Statement& statement, sql::Values values) override {
    Count(statement, 0);
    return inner_.SendOrLose(statement, values);
  }
  Status Lock(const sql::Statement& statement, sql::Values values) override {
    return inner_.Lock(statement, values);
  }
  Status Query(const sql::Statement& statement, sql::Values values,
               const sql::OnRow& on_row) override {
    Count(statement, 1);
    return inner_.Query(statement, values, on_row);
  }
  Status ExecuteScript(std::string_view script) override { return inner_.ExecuteScript(script); }

 private:
  void Count(const sql::Statement& statement, int round_trips) {
    counts_.statements.emplace_back(statement.text());
    counts_.round_trips += round_trips;
  }

  sql::Connection& inner_;
  Counts& counts_;
};

class CountingDatabase final : public sql::Database {
 public:
  CountingDatabase(std::unique_ptr<sql::Database> inner, Counts& counts)
      : inner_(std::move(inner)), counts_(counts) {}

  Status Write(const sql::Work& work) override {
    return inner_->Write([&](sql::Connection& connection) {
      counts_ = {.statements = {}, .round_trips = 1};  // The COMMIT.
      CountingConnection counting(connection, counts_);
      return work(counting);
    });
  }
  Status Read(const sql::Work& work) const override { return inner_->Read(work); }
  Result<std::optional<std::int64_t>> ServerMicros() const override {
    return inner_->ServerMicros();
  }
  void Close() override { inner_->Close(); }

 private:
  std::unique_ptr<sql::Database> inner_;
  Counts& counts_;
};

// Of the third order of a member, the last write of a shop.
Counts CountsOfAnAccrual(std::unique_ptr<sql::Database> database) {
  const app::SystemClock clock;
  Counts counts;
  EXPECT_TRUE(store::Migrate(*database, store::Migrations(), clock.Now()).ok());
  bench::Shop shop(std::make_unique<store::SqlStore>(
      std::nullopt, std::make_unique<CountingDatabase>(std::move(database), counts), clock,
      nullptr));
  shop.Fill(1);
  shop.Accrue(0, "second");
  shop.Accrue(0, "third");
  return counts;
}

void ExpectFew(const Counts& counts) {
  std::string all;
  for (const std::string& statement : counts.statements) all += "  " + statement + "\n";
  EXPECT_LE(counts.statements.size(), 8u) << all;
  EXPECT_LE(counts.round_trips, 3) << all;
}

TEST(OrderStatements, AnAccrualTakesEightStatementsOnSqlite) {
  const TemporaryDirectory directory;
  auto opened = sql::sqlite::OpenDatabase({.path = directory / "store.db", .application_id = 7});
  ASSERT_TRUE(opened.ok());
  ExpectFew(CountsOfAnAccrual(std::move(opened).value()));
}

TEST(OrderStatements, AnAccrualTakesThreeRoundTripsOnPostgresql) {
  auto opened = sql::postgresql::PostgresqlDatabase::Open(
      {.url = Secret(PostgresqlCluster::Shared().MakeDatabase())});
  ASSERT_TRUE(opened.ok());
  ExpectFew(CountsOfAnAccrual(std::move(opened).value()));
}

}  // namespace
}  // namespace passmint::testing
