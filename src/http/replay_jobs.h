#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.h"
#include "issuance/replay.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/rules.h"

// Replays that nobody waits for on a line: `POST /programme/replay` with "background".

namespace passmint::http {

enum class ReplayStatus { kWaiting, kRunning, kDone, kFailed, kCancelled };
std::string_view ToText(ReplayStatus status);

struct ReplayJob {
  std::string id;  // "r_" and 32 hex digits.
  ReplayStatus status = ReplayStatus::kWaiting;
  issuance::ReplayProgress progress;
  issuance::Replay result;  // Of kDone.
  Error problem;            // Of kFailed.
};

// The replays of one process, one after the other in a thread of its own, so that they take one
// core from the tills at most. They are not stored: a replay changes nothing, and who misses one
// after a restart asks for it again. Safe for concurrent calls.
class ReplayJobs {
 public:
  // That wait or run, and that are remembered with their results.
  static constexpr std::size_t kOpenMax = 5;
  static constexpr std::size_t kKeptMax = 50;

  // Both outlive this. What still runs is cancelled at the end of its life.
  ReplayJobs(issuance::Store& store, const issuance::Site& site);
  ~ReplayJobs();
  ReplayJobs(const ReplayJobs&) = delete;
  ReplayJobs& operator=(const ReplayJobs&) = delete;

  // REQUIRES: the programme outlives this. Fails as issuance::CheckReplay; with kTooManyRequests if
  // kOpenMax wait or run.
  Result<ReplayJob> Start(const issuance::ProgrammeSite& programme, programme::RuleSet draft,
                          const issuance::ReplayRequest& request, Timestamp now);

  // Fails with kNotFound.
  Result<ReplayJob> Find(const ProgrammeId& programme, const std::string& id) const;

  // What waits or runs ends as kCancelled, soon; what has ended stays as it is. Fails with
  // kNotFound.
  Result<ReplayJob> Cancel(const ProgrammeId& programme, const std::string& id);

 private:
  struct Entry {
    ReplayJob job;
    const issuance::ProgrammeSite& programme;
    programme::RuleSet draft;
    issuance::ReplayRequest request;
    bool cancelled = false;
  };
  using EntryPtr = std::shared_ptr<Entry>;

  // REQUIRES: the mutex is held.
  EntryPtr FindEntry(const ProgrammeId& programme, const std::string& id) const;
  void Forget();

  void Run(const std::stop_token& stop);
  EntryPtr Next(const std::stop_token& stop);
  void Play(const std::stop_token& stop, Entry& entry);

  issuance::Store& store_;
  const issuance::Site& site_;
  mutable std::mutex mutex_;  // Guards what follows, and what entries say of their progress.
  std::condition_variable_any wake_;
  std::map<std::string, EntryPtr> entries_;  // By id, so oldest first.
  std::deque<EntryPtr> waiting_;
  std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace passmint::http
