#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "store/dump.h"
#include "store/open.h"
#include "support/fake_clock.h"
#include "support/postgresql_cluster.h"
#include "support/temporary_directory.h"

namespace passmint::testing {
namespace {

using sql::Statement;
using store::DumpTable;

// All tables and columns that the migrations make.
constexpr Statement kSchema(
    "SELECT m.name, p.name, p.type FROM sqlite_schema m JOIN pragma_table_info(m.name) p"
    " WHERE m.type = 'table' AND m.name <> 'schema_migration' AND m.name NOT LIKE 'sqlite_%'"
    " ORDER BY m.rowid, p.cid");

class StoreDumpTest : public ::testing::Test {
 protected:
  std::unique_ptr<issuance::Store> Open(const std::string& url) {
    auto opened = store::Open(url, clock_);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return std::move(opened).value();
  }
  std::unique_ptr<issuance::Store> Sqlite(const std::string& name) {
    return Open("sqlite:" + (directory_ / name));
  }

  static std::vector<std::string> Dump(issuance::Store& from) {
    std::vector<std::string> lines;
    const auto dumped =
        store::WriteDump(store::DatabaseOf(from), [&lines](std::string_view line) -> Status {
          lines.emplace_back(line);
          return {};
        });
    EXPECT_TRUE(dumped.ok()) << dumped.error().message;
    return lines;
  }

  static void Load(issuance::Store& to, const std::vector<std::string>& lines) {
    store::DumpLoader loader(store::DatabaseOf(to));
    for (const std::string& line : lines) {
      const Status added = loader.Add(line);
      ASSERT_TRUE(added.ok()) << added.error().message;
    }
    const auto finished = loader.Finish();
    ASSERT_TRUE(finished.ok()) << finished.error().message;
  }

  // A line of every table, with `rows` rows whose values are awkward.
  static std::vector<std::string> Awkward(issuance::Store& store, int rows) {
    std::vector<std::string> lines;
    for (const std::string& header : Dump(store)) {
      lines.push_back(header);
      const std::string name = json::Parse(header, 4096).value()["table"].get<std::string>();
      const auto table =
          std::find_if(store::DumpTables().begin(), store::DumpTables().end(),
                       [&name](const DumpTable& candidate) { return name == candidate.name; });
      for (int n = 0; n < rows; ++n) {
        Json row = Json::array();
        for (const char type : std::string(table->types)) row.push_back(Value(type, n));
        lines.push_back(json::Dump(row));
      }
    }
    return lines;
  }

  static Json Value(char type, int n) {
    const std::string number = std::to_string(n);
    if (type == 'i') return n % 2 == 0 ? std::int64_t{9'007'199'254'740'991} - n : -n;
    if (type == 'b') return ToBase64(std::string("\0\xff\n", 3) + number);
    return "\"Анна\"\n'; -- \\ " + number;
  }

  TemporaryDirectory directory_;
  FakeClock clock_;
};

TEST_F(StoreDumpTest, HasEveryTableAndColumnOfTheMigrations) {
  const auto store = Sqlite("a.db");
  std::string made;
  const Status read = store::DatabaseOf(*store).Read([&made](sql::Connection& connection) {
    return connection.Query(kSchema, {}, [&made](const sql::Row& row) {
      const char type = row.Text(2) == "TEXT" ? 't' : row.Text(2) == "BLOB" ? 'b' : 'i';
      made += std::string(row.Text(0)) + "." + std::string(row.Text(1)) + " " + type + "\n";
      return Status();
    });
  });
  ASSERT_TRUE(read.ok()) << read.error().message;
  std::string dumped;
  for (const DumpTable& table : store::DumpTables()) {
    std::string_view columns = table.columns;
    for (const char type : std::string(table.types)) {
      const std::size_t comma = columns.find(", ");
      dumped +=
          std::string(table.name) + "." + std::string(columns.substr(0, comma)) + " " + type + "\n";
      columns.remove_prefix(comma == columns.npos ? columns.size() : comma + 2);
    }
    EXPECT_TRUE(columns.empty()) << table.name;
    EXPECT_LE(std::string_view(table.types).size(), store::kDumpColumnsMax) << table.name;
  }
  EXPECT_EQ(dumped, made);
}

TEST_F(StoreDumpTest, GoesFromSqliteToPostgresqlAndBackUnchanged) {
  const auto first = Sqlite("a.db");
  Load(*first, Awkward(*first, 3));
  std::vector<std::string> before = Dump(*first);
  ASSERT_EQ(before.size(), store::DumpTables().size() * 4);
  const auto second = Open(PostgresqlCluster::Shared().MakeDatabase());
  Load(*second, before);
  const auto third = Sqlite("b.db");
  Load(*third, Dump(*second));
  EXPECT_EQ(Dump(*third), before);
}

TEST_F(StoreDumpTest, WritesMoreRowsThanOneTransactionHolds) {
  const auto first = Sqlite("a.db");
  Load(*first, Awkward(*first, 1'201));
  const auto second = Sqlite("b.db");
  Load(*second, Dump(*first));
  EXPECT_EQ(Dump(*second), Dump(*first));
}

TEST_F(StoreDumpTest, KnowsAnEmptyStore) {
  const auto store = Sqlite("a.db");
  EXPECT_TRUE(store::IsEmpty(store::DatabaseOf(*store)).value());
  const Status written = store->Write(
      [](issuance::Transaction& transaction) { return transaction.PutImage("00", "x"); });
  ASSERT_TRUE(written.ok());
  EXPECT_FALSE(store::IsEmpty(store::DatabaseOf(*store)).value());
}

TEST_F(StoreDumpTest, LeavesOutWhatIsTrueOfTheRunningStoreOnly) {
  const auto store = Sqlite("a.db");
  const Status written = store->Write([](issuance::Transaction& transaction) -> Status {
    for (const char* name : {"clock.heartbeat", "restore.state", "restore.read_only", "kept"}) {
      if (Status put = transaction.PutSetting(name, "1"); !put.ok()) return put;
    }
    return {};
  });
  ASSERT_TRUE(written.ok());
  const auto lines = Dump(*store);
  EXPECT_EQ(lines.size(), store::DumpTables().size() + 1);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), R"(["kept","1"])"), 1);
}

TEST_F(StoreDumpTest, RefusesLinesThatAreNotOfThisSchema) {
  for (const char* line :
       {"", "x", "null", "7", "[]", R"(["kept","1"])", R"({"table":"setting"})",
        R"({"columns":["name","value"],"table":"settings"})",
        R"({"columns":["value","name"],"table":"setting"})", R"({"columns":[],"table":7})"}) {
    const auto store = Sqlite("a.db");
    store::DumpLoader loader(store::DatabaseOf(*store));
    const Status added = loader.Add(line);
    ASSERT_FALSE(added.ok()) << line;
    EXPECT_EQ(added.error().reason, "backup_format") << line;
  }
  for (const char* row : {R"(["a"])", R"(["a","b","c"])", R"(["a",7])", R"([["a"],"b"])", "[]"}) {
    const auto store = Sqlite("b.db");
    store::DumpLoader loader(store::DatabaseOf(*store));
    ASSERT_TRUE(loader.Add(R"({"columns":["name","value"],"table":"setting"})").ok());
    EXPECT_FALSE(loader.Add(row).ok()) << row;
  }
}

}  // namespace
}  // namespace passmint::testing
