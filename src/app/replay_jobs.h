#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "app/guarded_store.h"
#include "base/clock.h"
#include "issuance/replay_jobs.h"
#include "issuance/site.h"

namespace passmint::app {

// How often we look whether a replay was asked for.
inline constexpr std::chrono::seconds kReplayPause{1};

// Replays in the background that the running service works at, one at a time, in a thread of its
// own; logs what fails. Nothing it does fails the service.
class ReplayJobs {
 public:
  // All outlive it.
  ReplayJobs(GuardedStore& store, const issuance::Site& site, const Clock& clock);
  // Gives back what still runs: it begins again elsewhere, or at the next start.
  ~ReplayJobs() = default;
  ReplayJobs(const ReplayJobs&) = delete;
  ReplayJobs& operator=(const ReplayJobs&) = delete;

 private:
  void Run(const std::stop_token& stop);

  GuardedStore& store_;
  issuance::ReplayRun run_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace passmint::app
