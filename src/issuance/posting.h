#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// Posts to the journals what time alone does: activations, expiries, ends of holds. Nothing
// depends on when it runs, since every command and every read settles its account first; what it
// adds is that cards learn of it. So it may stop, run late, twice, or in many processes.

// Accounts of one batch; each is a write of its own.
inline constexpr int kPostingBatch = 100;
// How long an account that could not be posted is left alone.
inline constexpr std::chrono::hours kSetAsideFor{1};

struct PostingFailure {
  DueAccount account;
  Error error;
};

struct PostingRound {
  int posted = 0;
  bool more = false;  // The batch was full: there may be more due.
  std::vector<PostingFailure> failed;
};

// The posting of one process. For one thread.
class Posting {
 public:
  // Both outlive it.
  Posting(Store& store, const Site& site) : store_(store), site_(site) {}

  // One batch, the longest due first. An account that cannot be posted (damaged, or of a programme
  // that the settings do not name) is reported and set aside, so that it stops nobody else. Fails
  // with kUnavailable if the store does not answer; what was posted stays posted.
  Result<PostingRound> RunBatch();

  // When something becomes due next, on any account; ledger::kNever if nothing will. What is due
  // already does not count. Fails as Store::Read.
  Result<Timestamp> NextDue() const;

 private:
  using Key = std::pair<ProgrammeId, AccountId>;

  Status Post(const DueAccount& due);

  Store& store_;
  const Site& site_;
  std::map<Key, Timestamp> set_aside_;  // When.
};

// What the store knows of the clock: a heartbeat that every process that posts keeps fresh. Expiry
// cannot be undone, so a clock that has jumped must not expire everybody's points.
inline constexpr std::chrono::hours kClockJumpMax{1};
inline constexpr std::chrono::minutes kHeartbeatEvery{1};

struct ClockCheck {
  bool steady = true;  // False: nothing is posted until ConfirmClock.
  Timestamp now;
  std::optional<Timestamp> heartbeat;  // The last one before this check, if there was one.
};

// Compares the clock with the heartbeat and keeps it fresh while they agree. Further apart than
// kClockJumpMax in either direction is a jump (also the service's own standstill: nobody can tell
// them apart).
Result<ClockCheck> CheckClock(Store& store);

// The clock is right as it is now. Returns what it was before. Needs the store's clock only.
Result<ClockCheck> ConfirmClock(Store& store);

}  // namespace passmint::issuance
