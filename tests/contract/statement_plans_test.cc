// Every statement of the store finds its rows by an index: SQLite's planner is asked about each one
// that stands in the sources.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "store/open.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

namespace passmint::testing {
namespace {

// Walk through all rows of a table or of a programme, and may: there are a handful of them, or the
// table is bounded and looked at once in ten minutes (kKeepLogs, which bounds it), or it is read
// once at the start (leases.cc).
const std::set<std::string> kMayWalk = {
    "api_keys.cc:kApiKeys",   "awards.cc:kFindPlace",        "designs.cc:kTemplates",
    "leases.cc:kCalendars",   "leases.cc:kGoogleClasses",    "leases.cc:kPushes",
    "phones.cc:kKeepLogs",    "progress.cc:kBudgetsSpent",   "replay_jobs.cc:kCountOpen",
    "replay_jobs.cc:kForget", "rewards.cc:kRewardStocks",    "rollouts.cc:kDueRollout",
    "rollouts.cc:kRollouts",  "rule_sets.cc:kFindRuleDraft", "rule_sets.cc:kReplaceRuleDraft",
};

// About PostgreSQL's catalogue, or a lock that SQLite has no need of.
bool IsForPostgresqlOnly(const std::string& sql) {
  return sql.find("pg_class") != std::string::npos ||
         sql.find("to_regclass") != std::string::npos || sql.starts_with("LOCK TABLE");
}

struct Found {
  std::string name;  // "cards.cc:kFindCard"
  std::string sql;
};

std::string Read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// The macros that stand for pieces of statements.
void ReadMacros(const std::string& source, std::map<std::string, std::string>& macros) {
  static const std::regex macro(R"(#define (PASSMINT_\w+)[ \\\n]((?:[^\n]*\\\n)*[^\n]*))");
  for (std::sregex_iterator at(source.begin(), source.end(), macro), end; at != end; ++at) {
    macros[(*at)[1]] = (*at)[2];
  }
}

// The adjacent literals and macros of a C++ expression as one text.
std::string Literal(const std::string& expression,
                    const std::map<std::string, std::string>& macros) {
  static const std::regex piece(R"re("((?:[^"\\]|\\.)*)"|(PASSMINT_\w+))re");
  std::string text;
  for (std::sregex_iterator at(expression.begin(), expression.end(), piece), end; at != end; ++at) {
    const std::smatch& one = *at;
    text += one[2].matched ? Literal(macros.at(one[2]), macros) : one[1].str();
  }
  return text;
}

std::vector<Found> StatementsOfTheStore() {
  const std::filesystem::path folder = PASSMINT_SOURCE_DIR "/src/store";
  std::map<std::string, std::string> macros;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".cc" && entry.path().extension() != ".h") continue;
    files.push_back(entry.path());
    ReadMacros(Read(entry.path()), macros);
  }
  // The text ends where the constructor's parenthesis does; no statement has ");" in it.
  static const std::regex statement(R"(constexpr (?:sql::)?Statement (k\w+)\(([^;]*?)\);)");
  std::vector<Found> found;
  for (const auto& file : files) {
    const std::string source = Read(file);
    for (std::sregex_iterator at(source.begin(), source.end(), statement), end; at != end; ++at) {
      found.push_back({file.filename().string() + ":" + (*at)[1].str(), Literal((*at)[2], macros)});
    }
  }
  return found;
}

class StatementPlans : public ::testing::Test {
 protected:
  StatementPlans() {
    const std::string path = directory_ / "store.db";
    EXPECT_TRUE(store::Open("sqlite:" + path, clock_).ok());
    EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK);
  }
  ~StatementPlans() override { (void)sqlite3_close(database_); }

  // The steps of the plan, or the error as the only one.
  std::vector<std::string> Plan(const std::string& sql) {
    sqlite3_stmt* plan = nullptr;
    const std::string question = "EXPLAIN QUERY PLAN " + sql;
    if (sqlite3_prepare_v2(database_, question.c_str(), -1, &plan, nullptr) != SQLITE_OK) {
      return {std::string("error: ") + sqlite3_errmsg(database_)};
    }
    std::vector<std::string> steps;
    while (sqlite3_step(plan) == SQLITE_ROW) {
      steps.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(plan, 3)));
    }
    (void)sqlite3_finalize(plan);
    return steps;
  }

  FakeClock clock_;
  TemporaryDirectory directory_;
  sqlite3* database_ = nullptr;
};

// A step that goes through all rows of a table, or of a programme, which is the whole table for
// most sites. What a subquery of the statement has found ("(SELECT ...) AS x") is no table.
bool IsWalk(const std::string& step, const std::string& sql) {
  if (step.find("(programme=?)") != std::string::npos) return true;
  if (!step.starts_with("SCAN ") || step == "SCAN CONSTANT ROW") return false;
  const std::string rest = step.substr(5);
  return sql.find(") AS " + rest.substr(0, rest.find(' '))) == std::string::npos;
}

TEST_F(StatementPlans, NoStatementWalksThroughATableOrAProgramme) {
  const std::vector<Found> statements = StatementsOfTheStore();
  EXPECT_GT(statements.size(), 100u) << "the sources are written in another way now";
  for (const Found& statement : statements) {
    if (IsForPostgresqlOnly(statement.sql) || kMayWalk.contains(statement.name)) continue;
    for (const std::string& step : Plan(statement.sql)) {
      EXPECT_FALSE(IsWalk(step, statement.sql) || step.starts_with("error: "))
          << statement.name << ": " << step << "\n  " << statement.sql;
    }
  }
}

TEST_F(StatementPlans, AWalkIsSeen) {
  for (const char* sql : {"SELECT id FROM member WHERE name = $1",
                          "SELECT id FROM member WHERE programme = $1 AND name = $2"}) {
    const std::vector<std::string> steps = Plan(sql);
    ASSERT_EQ(steps.size(), 1u);
    EXPECT_TRUE(IsWalk(steps.front(), sql)) << steps.front();
  }
}

}  // namespace
}  // namespace passmint::testing
