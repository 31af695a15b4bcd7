// store_throughput DIRECTORY [SECONDS]: writes per second and their latency at 1 and 32 threads, on
// the disk of DIRECTORY, beside bare SQLite doing the same inserts one by one.

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "contract/samples.h"
#include "store/open.h"

namespace {

using namespace passmint;
using namespace passmint::testing;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

void Print(const char* what, int threads, std::vector<double> latencies, double seconds) {
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](double share) {
    const auto last = static_cast<double>(latencies.size() - 1);
    return latencies[static_cast<std::size_t>(last * share)];
  };
  std::printf("%-34s %3d threads %8.0f/s   p50 %7.2f ms   p99 %7.2f ms   max %7.2f ms\n", what,
              threads, static_cast<double>(latencies.size()) / seconds, at(0.5), at(0.99), at(1));
  std::fflush(stdout);
}

// Runs `once(n)` from `threads` threads for `seconds`.
template <class Once>
void Measure(const char* what, int threads, double seconds, Once once) {
  static std::atomic<int> next{1};
  std::vector<std::vector<double>> latencies(static_cast<std::size_t>(threads));
  std::vector<std::thread> running;
  const auto begun = Clock::now();
  for (auto& mine : latencies) {
    running.emplace_back([&, seconds] {
      while (Milliseconds(Clock::now() - begun).count() < seconds * 1000) {
        const auto before = Clock::now();
        once(next.fetch_add(1));
        mine.push_back(Milliseconds(Clock::now() - before).count());
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  const double took = Milliseconds(Clock::now() - begun).count() / 1000;
  std::vector<double> all;
  for (const auto& mine : latencies) all.insert(all.end(), mine.begin(), mine.end());
  Print(what, threads, std::move(all), took);
}

void Must(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "store_throughput: error: %s\n", status.error().message.c_str());
  std::_Exit(1);
}

Status PlaceOrder(issuance::Transaction& t, int n) {
  auto known = t.FindOrder(kCoffee, kWeb, OrderId(std::to_string(n)));
  if (!known.ok()) return known.error();
  if (Status done = t.InsertMember(kCoffee, SampleMember(n)); !done.ok()) return done;
  auto attached = t.AttachIdentity(kCoffee, MemberIdOf(n),
                                   {cards::IdentityType::kPhone, "+7" + std::to_string(n), {}});
  if (!attached.ok()) return attached.error();
  auto card = t.InsertCard(kCoffee, SampleCard(n, MemberIdOf(n)));
  if (!card.ok()) return card.error();
  auto order = t.InsertOrder(kCoffee, SampleOrder(std::to_string(n), MemberIdOf(n)));
  if (!order.ok()) return order.error();
  return {};
}

void MeasureBare(const std::string& path, double seconds) {
  sqlite3* database = nullptr;
  (void)sqlite3_open(path.c_str(), &database);
  (void)sqlite3_exec(database,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
                     nullptr, nullptr, nullptr);
  Measure("bare SQLite, one insert a commit", 1, seconds, [database](int n) {
    const std::string sql = "INSERT INTO setting VALUES ('" + std::to_string(n) + "', 'x')";
    (void)sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
  });
  sqlite3_close(database);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::filesystem::path directory = argv[1];
  const double seconds = argc > 2 ? std::atof(argv[2]) : 5;
  std::filesystem::create_directories(directory);
  MeasureBare((directory / "bare.db").string(), seconds);

  const FakeClock clock;
  auto opened = store::Open("sqlite:" + (directory / "store.db").string(), clock);
  if (!opened.ok()) Must(opened.error());
  issuance::Store& store = *opened.value();
  for (const int threads : {1, 32}) {
    Measure("small insert (one setting)", threads, seconds, [&store](int n) {
      const std::string name = std::to_string(n);
      Must(store.Write([&name](issuance::Transaction& t) { return t.PutSetting(name, "x"); }));
    });
    Measure("first order (member, card, order)", threads, seconds, [&store](int n) {
      Must(store.Write([n](issuance::Transaction& t) { return PlaceOrder(t, n); }));
    });
    Measure("read a card by its number", threads, seconds, [&store](int n) {
      Must(store.Read([n](issuance::Transaction& t) -> Status {
        auto found = t.FindCardByNumber(kCoffee, NumberOf(n % 1000));
        if (!found.ok()) return found.error();
        return {};
      }));
    });
  }
  return 0;
}
