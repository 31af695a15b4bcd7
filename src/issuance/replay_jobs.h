#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/replay.h"
#include "issuance/replay_tables.h"
#include "issuance/site.h"
#include "issuance/store.h"

// Replays that nobody waits for on a line: `POST /programme/replay` with "background". They stand
// in the store, so that any process tells of them, ends them, and takes up what another one left.

namespace passmint::issuance {

// Of a programme: that wait or run (two that come at one instant may make it one more), and that
// are remembered with their results, and how long.
inline constexpr int kReplaysOpenMax = 5;
inline constexpr int kReplaysKept = 50;
inline constexpr std::chrono::days kReplaysKeptFor{7};

// Who runs one writes down how far it got so often; who has not for a lease is dead, and another
// takes it, so often at most: it may be the replay that kills.
inline constexpr std::chrono::seconds kReplayTellEvery{1};
inline constexpr std::chrono::seconds kReplayLease{60};
inline constexpr int kReplayAttemptsMax = 3;

// Takes one on. `draft`: rules that could be published, as JSON. REQUIRES: a write. Fails as
// CheckReplay; with kTooManyRequests if kReplaysOpenMax wait or run.
Result<ReplayJob> StartReplay(Transaction& transaction, const Site& site,
                              const ProgrammeId& programme, std::string draft,
                              const ReplayRequest& request);

// Fails with kNotFound.
Result<ReplayJob> GetReplay(Transaction& transaction, const ProgrammeId& programme,
                            const std::string& id);

// What waits or runs ends as kCancelled; who runs it stops within kReplayTellEvery or what it takes
// to read a thousand orders. What has ended stays as it is. REQUIRES: a write. Fails with
// kNotFound.
Result<ReplayJob> CancelReplay(Transaction& transaction, const ProgrammeId& programme,
                               const std::string& id);

// Runs what was taken on, here or by another process. For one thread, so that replays take one core
// of a process from the tills at most.
class ReplayRun {
 public:
  // All outlive it.
  ReplayRun(Store& store, const Site& site, const Clock& clock)
      : store_(store), site_(site), clock_(clock) {}

  // Runs the one that is due the longest to its end; false if there is none. If `go_on` says no it
  // is given back, for any process to begin again. Also forgets old ones now and then. Fails with
  // kUnavailable if the store does not answer; the replay is taken up again after kReplayLease.
  Result<bool> RunNext(const std::function<bool()>& go_on);

 private:
  using Taken = ReplayTables::DueReplayJob;

  Result<std::optional<Taken>> Take();
  Status TakeDue(Transaction& transaction, std::optional<Taken>& taken) const;
  Status Play(Taken taken, const std::function<bool()>& go_on);
  // False if it is ours no longer.
  Result<bool> Put(const Taken& taken);
  Status Forget();

  Store& store_;
  const Site& site_;
  const Clock& clock_;
  Timestamp forget_at_;
};

}  // namespace passmint::issuance
