#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <vector>

// Clients that wait for their answer before they ask again, and clients that ask at a pace.

namespace passmint::bench {

struct Figures {
  double per_second = 0;
  double p50 = 0;  // Milliseconds.
  double p99 = 0;
};

// `client` counts from 0, `n` counts over all clients.
using Once = std::function<void(int client, int n)>;

inline Figures FiguresOf(std::vector<std::vector<double>>& by_client, double seconds) {
  std::vector<double> all;
  for (const auto& mine : by_client) all.insert(all.end(), mine.begin(), mine.end());
  if (all.empty()) return {};
  std::sort(all.begin(), all.end());
  const auto at = [&all](double share) {
    return all[static_cast<std::size_t>(static_cast<double>(all.size() - 1) * share)];
  };
  return {static_cast<double>(all.size()) / seconds, at(0.5), at(0.99)};
}

inline double MillisecondsSince(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
      .count();
}

// Each of `clients` threads asks again as soon as it has its answer.
inline Figures Saturated(int clients, double seconds, const Once& once) {
  std::atomic<int> next{0};
  std::vector<std::vector<double>> latencies(static_cast<std::size_t>(clients));
  std::vector<std::thread> threads;
  const auto begun = std::chrono::steady_clock::now();
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      auto& mine = latencies[static_cast<std::size_t>(client)];
      while (MillisecondsSince(begun) < seconds * 1000) {
        const auto asked = std::chrono::steady_clock::now();
        once(client, next.fetch_add(1));
        mine.push_back(MillisecondsSince(asked));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return FiguresOf(latencies, MillisecondsSince(begun) / 1000);
}

// `clients` threads share a timetable of `rate` a second. A latency counts from the instant at
// which the timetable wanted the call, so that a stall is seen by everyone who would have come
// meanwhile.
inline Figures Paced(int clients, double rate, double seconds, const Once& once) {
  std::atomic<int> next{0};
  std::vector<std::vector<double>> latencies(static_cast<std::size_t>(clients));
  std::vector<std::thread> threads;
  const auto begun = std::chrono::steady_clock::now();
  const int count = static_cast<int>(rate * seconds);
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      for (int n = next.fetch_add(1); n < count; n = next.fetch_add(1)) {
        const auto due = begun + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                     std::chrono::duration<double>(n / rate));
        std::this_thread::sleep_until(due);
        once(client, n);
        latencies[static_cast<std::size_t>(client)].push_back(MillisecondsSince(due));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return FiguresOf(latencies, MillisecondsSince(begun) / 1000);
}

}  // namespace passmint::bench
