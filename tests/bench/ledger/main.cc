// Durable accruals, each beside what bounds it, in one run on one disk.
//
//   build/release/bin/bench_ledger [--seconds N] [--members N] [--directory D] [--large]
//                                  [--only sqlite|postgresql|import|rules|store]
//
// An accrual: an order of a known member with an idempotency key, that is a lot, a journal entry
// with its hash, the order, the account, the card's revision, its delivery row and the stored
// answer.
// An import: members of a file as `passmint ledger import` takes them in, beside bare SQLite that
// inserts the same rows in batches of the same size.
// Rules: orders end to end by assets/rules/demo.json, which looks at history, birthdays, groups,
// limits and a budget, beside those of a plain 5 %; and 32 writers on one budget.
// --only store: SQLite through the store with 32 clients and nothing beside it, for a profiler.
// --large: 1,000,000 members and one account of 100,000 lots (takes some minutes to fill); with
// --members N before it so many.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "app/ledger_import.h"
#include "bench/ledger/load.h"
#include "bench/ledger/over_http.h"
#include "bench/ledger/pgbench.h"
#include "bench/ledger/raw_import.h"
#include "bench/ledger/raw_sqlite.h"
#include "bench/ledger/shop.h"
#include "bench/median.h"
#include "support/postgresql_cluster.h"
#include "support/temporary_directory.h"

namespace {

using namespace passmint;         // NOLINT(google-build-using-namespace): a program of one file.
using namespace passmint::bench;  // NOLINT(google-build-using-namespace)

constexpr int kRounds = 3;

struct Options {
  double seconds = 5;
  int members = 10'000;
  std::string directory;
  bool large = false;
  std::string only;
};

void Print(const char* what, int clients, const Figures& figures) {
  std::printf("%-44s %4d clients %9.0f/s   p50 %7.2f ms   p99 %7.2f ms\n", what, clients,
              figures.per_second, figures.p50, figures.p99);
  std::fflush(stdout);
}

void Share(const char* what, double ours, double limit, double wanted) {
  if (ours == 0 || limit == 0) return;  // Not measured.
  std::printf("%-60s %5.2f (wanted %.2f)%s\n", what, ours / limit, wanted,
              ours / limit >= wanted ? "" : "   <-- below");
  std::fflush(stdout);
}

std::string OrderId(const char* run, int n) { return std::string(run) + "-" + std::to_string(n); }

double At(const char* what, int clients, const Options& options, const Once& once) {
  const Figures figures = Saturated(clients, options.seconds, once);
  Print(what, clients, figures);
  return figures.per_second;
}

struct Rates {
  double sqlite32 = 0, raw32 = 0, joining32 = 0, script32 = 0, postgresql32 = 0;
  double look = 0, raw_look = 0;
  double import = 0, raw_import = 0;
  double rules = 0, plain = 0;
};

// Runs `measure` while somebody writes all the time.
double BesideAWriter(const std::function<void(int)>& write,
                     const std::function<double()>& measure) {
  std::atomic<bool> busy{true};
  std::thread writer([&] {
    for (int n = 0; busy; ++n) write(n);
  });
  const double rate = measure();
  busy = false;
  writer.join();
  return rate;
}

// Both alternately: a machine that others use as well is not the same for long.
class SqliteAndRaw {
 public:
  SqliteAndRaw(const Options& options, const std::string& file, const std::string& copy)
      : options_(options), shop_("sqlite:" + file), raw_(copy, options.members) {}

  Shop& shop() { return shop_; }

  double Accruals(int clients) {
    const std::string name = "s" + std::to_string(++run_);
    return At("SQLite, through the store", clients, options_,
              [&](int, int n) { shop_.Accrue(n % options_.members, OrderId(name.c_str(), n)); });
  }
  double RawAccruals(int clients, bool joins = false) {
    const std::string name = "r" + std::to_string(++run_);
    raw_.LetJoin(joins);
    return At(joins ? "raw SQLite, whose batches others join" : "raw SQLite, the same rows",
              clients, options_,
              [&](int, int n) { raw_.Accrue(n % options_.members, OrderId(name.c_str(), n)); });
  }
  double Looks() {
    const std::string name = "l" + std::to_string(++run_);
    return BesideAWriter(
        [&](int n) { shop_.Accrue(n % options_.members, OrderId(name.c_str(), n)); },
        [&] {
          return At("SQLite, balances read beside a busy writer", 2, options_,
                    [&](int, int n) { shop_.Look(n % options_.members); });
        });
  }
  double RawLooks() {
    const std::string name = "k" + std::to_string(++run_);
    return BesideAWriter(
        [&](int n) { raw_.Accrue(n % options_.members, OrderId(name.c_str(), n)); },
        [&] {
          return At("raw SQLite, balances read beside a busy writer", 2, options_,
                    [&](int, int n) { raw_.Look(PhoneOf(n % options_.members)); });
        });
  }

 private:
  const Options& options_;
  Shop shop_;
  RawSqlite raw_;
  int run_ = 0;
};

void MeasureAlternately(SqliteAndRaw& both, Rates& rates) {
  for (const int clients : {1, 8, 100}) {
    both.Accruals(clients);
    both.RawAccruals(clients);
  }
  std::vector<double> ours, raw, joining, looks, raw_looks;
  for (int round = 0; round < kRounds; ++round) {
    ours.push_back(both.Accruals(32));
    raw.push_back(both.RawAccruals(32));
    joining.push_back(both.RawAccruals(32, true));
    looks.push_back(both.Looks());
    raw_looks.push_back(both.RawLooks());
  }
  rates.sqlite32 = Median(ours);
  rates.raw32 = Median(raw);
  rates.joining32 = Median(joining);
  rates.look = Median(looks);
  rates.raw_look = Median(raw_looks);
}

void MeasureSqlite(const Options& options, const std::string& folder, Rates& rates) {
  const std::string file = folder + "/ledger.db";
  {
    Shop shop("sqlite:" + file);
    shop.Fill(options.members);
    if (options.large) shop.FillLots(0, 100'000);
  }
  std::filesystem::copy_file(file, folder + "/raw.db");
  SqliteAndRaw both(options, file, folder + "/raw.db");
  MeasureAlternately(both, rates);
  Print("SQLite, paced at 1,000 a second", 32, Paced(32, 1000, options.seconds, [&](int, int n) {
          both.shop().Accrue(n % options.members, OrderId("paced", n));
        }));
  if (options.large) {
    At("SQLite, one account of 100,000 lots", 8, options,
       [&](int, int n) { both.shop().Accrue(0, OrderId("hot", n)); });
  }
  for (const int clients : {8, 32}) {
    const std::string name = "h" + std::to_string(clients);
    OverHttp http(both.shop());
    At("SQLite, through HTTP", clients, options, [&](int client, int n) {
      http.Accrue(client, n % options.members, OrderId(name.c_str(), n));
    });
  }
}

void MeasureImport(const Options& options, const std::string& folder, Rates& rates) {
  const int members = std::max(options.members, 20'000);
  const std::string lines = folder + "/members.jsonl";
  WriteMembers(lines, members);
  const int rounds = options.large ? 1 : kRounds;
  std::vector<double> imports, raws;
  for (int round = 0; round < rounds; ++round) {
    Shop::ImportRates ours;
    {
      Shop shop("sqlite:" + folder + "/import.db");
      ours = shop.Import(lines);
    }
    { const Shop empty("sqlite:" + folder + "/raw_import.db"); }
    imports.push_back(ours.import);
    raws.push_back(
        RawImportRate(folder + "/raw_import.db", members, static_cast<int>(app::kImportBatch)));
    std::printf("%-44s %4d members %9.0f/s (%.0f/s with the check of the file before)\n",
                "SQLite, import of a file", members, ours.import, ours.with_check);
    std::printf("%-44s %4d members %9.0f/s\n", "raw SQLite, the same rows in equal batches",
                members, raws.back());
    for (const char* file : {"/import.db", "/raw_import.db"}) {
      std::filesystem::remove(folder + file);
    }
  }
  std::filesystem::remove(lines);
  rates.import = Median(imports);
  rates.raw_import = Median(raws);
}

std::string DemoRules() {
  std::ifstream in(PASSMINT_SOURCE_DIR "/assets/rules/demo.json");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Both alternately; then one budget that everybody wants of, until nothing is left and beyond.
void MeasureRules(const Options& options, const std::string& folder, Rates& rates) {
  Shop plain("sqlite:" + folder + "/plain.db");
  Shop ruled("sqlite:" + folder + "/ruled.db", DemoRules());
  plain.Fill(options.members);
  ruled.Fill(options.members);
  const auto orders = [&options](Shop& shop, const char* what, const std::string& run) {
    return At(what, 32, options,
              [&](int, int n) { shop.Accrue(n % options.members, OrderId(run.c_str(), n)); });
  };
  std::vector<double> with, without;
  for (int round = 0; round < kRounds; ++round) {
    const std::string run = "o" + std::to_string(round);
    without.push_back(orders(plain, "SQLite, orders by a plain 5 %", run));
    with.push_back(orders(ruled, "SQLite, orders by the demo's rules", run));
  }
  rates.plain = Median(without);
  rates.rules = Median(with);
  constexpr std::int64_t kCap = 100'000;  // Some 1,000 orders' worth.
  Shop budget("sqlite:" + folder + "/budget.db",
              R"({"earn": [{"id": "base", "ppm": 50000, "limits": {"budget": "b"}}],
                  "budgets": [{"id": "b", "cap": 100000, "partial": true}]})");
  budget.Fill(options.members);
  orders(budget, "SQLite, orders that all want of one budget", "b");
  const std::int64_t spent = budget.Spent("b");
  std::printf("%-44s %lld of %lld%s\n", "spent of that budget", static_cast<long long>(spent),
              static_cast<long long>(kCap), spent > kCap ? "   <-- too much" : "");
}

void MeasurePostgresql(const Options& options, const std::string& folder, Rates& rates) {
  testing::PostgresqlCluster& cluster = testing::PostgresqlCluster::Shared();
  const std::string url = cluster.MakeDatabase();
  const int seconds = std::max(1, static_cast<int>(options.seconds));
  {
    Shop shop(url);
    shop.Fill(options.members);
    int run = 0;
    const auto at = [&](int clients) {
      const std::string name = "p" + std::to_string(++run);
      return At("PostgreSQL, through the store", clients, options,
                [&](int, int n) { shop.Accrue(n % options.members, OrderId(name.c_str(), n)); });
    };
    for (const int clients : {1, 8, 100}) at(clients);
    // Alternately: a machine that others use as well is not the same for long.
    const std::string script = AccrualScript(url, folder, options.members);
    std::vector<double> ours, scripts;
    for (int round = 0; round < kRounds; ++round) {
      ours.push_back(at(32));
      scripts.push_back(Pgbench(url, script, 32, seconds));
      std::printf("%-44s %4d clients %9.0f/s\n", "PostgreSQL, the accrual as a pgbench script", 32,
                  scripts.back());
    }
    rates.postgresql32 = Median(ours);
    rates.script32 = Median(scripts);
  }
  InitializeTpcB(url, 10);
  std::printf("%-44s %4d clients %9.0f/s\n", "PostgreSQL, pgbench TPC-B", 32,
              Pgbench(url, "", 32, seconds));
}

// One figure for as long as a profiler wants to look.
void MeasureStoreAlone(const Options& options, const std::string& folder) {
  Shop shop("sqlite:" + folder + "/ledger.db");
  shop.Fill(options.members);
  At("SQLite, through the store", 32, options,
     [&](int, int n) { shop.Accrue(n % options.members, OrderId("alone", n)); });
}

Options Parse(int count, char** arguments) {
  Options options;
  bool sized = false;
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    const char* value = i + 1 < count ? arguments[i + 1] : "";
    if (name == "--large") {
      options.large = true;
      if (!sized) options.members = 1'000'000;
      continue;
    }
    if (name == "--seconds") options.seconds = std::atof(value);
    if (name == "--members") options.members = std::atoi(value);
    sized = sized || name == "--members";
    if (name == "--directory") options.directory = value;
    if (name == "--only") options.only = value;
    ++i;
  }
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = Parse(count, arguments);
  const testing::TemporaryDirectory temporary;
  const std::string folder = options.directory.empty() ? temporary / "" : options.directory;
  if (options.only == "store") {
    MeasureStoreAlone(options, folder);
    return 0;
  }
  Rates rates;
  const auto wants = [&options](const char* part) {
    return options.only.empty() || options.only == part;
  };
  if (wants("import")) MeasureImport(options, folder, rates);
  if (wants("sqlite")) MeasureSqlite(options, folder, rates);
  if (wants("rules")) MeasureRules(options, folder, rates);
  if (wants("postgresql")) MeasurePostgresql(options, folder, rates);
  std::printf("\n");
  Share("SQLite / raw SQLite, 32 clients", rates.sqlite32, rates.raw32, 0.7);
  Share("SQLite / raw SQLite whose batches others join", rates.sqlite32, rates.joining32, 0.7);
  Share("SQLite / the accrual as a pgbench script, 32 clients", rates.sqlite32, rates.script32,
        1.2);
  Share("PostgreSQL / the accrual as a pgbench script, 32 clients", rates.postgresql32,
        rates.script32, 0.6);
  Share("reads beside a busy writer / raw", rates.look, rates.raw_look, 0.5);
  Share("orders by the demo's rules / by a plain 5 %, 32 clients", rates.rules, rates.plain, 0.7);
  Share("import / raw SQLite, the same rows in equal batches", rates.import, rates.raw_import, 0.7);
  return 0;
}
