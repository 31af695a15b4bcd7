// store_crash_writer URL FIRST: opens the store and places orders FIRST, FIRST + 1, ... from
// several threads, printing each number once it is acknowledged, until somebody kills it.

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "contract/samples.h"
#include "store/open.h"

namespace {

using namespace passmint;
using namespace passmint::testing;

void PlaceOrders(issuance::Store& store, std::atomic<int>& next) {
  while (true) {
    const int n = next.fetch_add(1);
    const Status written = store.Write([n](issuance::Transaction& t) -> Status {
      if (Status done = t.InsertMember(kCoffee, SampleMember(n)); !done.ok()) return done;
      auto card = t.InsertCard(kCoffee, SampleCard(n, MemberIdOf(n)));
      if (!card.ok()) return card.error();
      auto order = t.InsertOrder(kCoffee, SampleOrder(std::to_string(n), MemberIdOf(n)));
      if (!order.ok()) return order.error();
      return {};
    });
    if (!written.ok()) {
      std::fprintf(stderr, "order %d: %s\n", n, written.error().message.c_str());
      std::_Exit(1);
    }
    // One write(2) a line, so that a kill cuts between lines.
    const std::string line = std::to_string(n) + "\n";
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const FakeClock clock;
  auto opened = store::Open(argv[1], clock);
  if (!opened.ok()) {
    std::fprintf(stderr, "open: %s\n", opened.error().message.c_str());
    return 1;
  }
  std::atomic<int> next{std::atoi(argv[2])};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { PlaceOrders(*opened.value(), next); });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}
