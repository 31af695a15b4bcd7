#include "app/replay_jobs.h"

#include "app/log.h"

namespace passmint::app {

ReplayJobs::ReplayJobs(GuardedStore& store, const issuance::Site& site, const Clock& clock)
    : store_(store),
      run_(store, site, clock),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void ReplayJobs::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    bool more = false;
    // Whoever takes a replay writes so.
    if (store_.read_only().empty()) {
      const auto ran = run_.RunNext([&stop] { return !stop.stop_requested(); });
      if (!ran.ok()) LogEvent(LogLevel::kError, "replay.failed", {{"error", ran.error().message}});
      more = ran.ok() && ran.value();
    }
    if (more) continue;
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, kReplayPause, [] { return false; });
  }
}

}  // namespace passmint::app
