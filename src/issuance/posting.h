#pragma once

#include <chrono>
#include <functional>
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

// Posts what time alone does: activations, expiries and ends of holds to the journals, with the
// rounds of stamps that become complete, and ends of temporary blocks to the cards. Nothing depends
// on when it runs, since every command and every read settles its account and its card first; what
// it adds is that phones learn of it. So it may stop, run late, twice, or in many processes.

// Accounts, and cards, of one batch; each is a write of its own.
inline constexpr int kPostingBatch = 100;
// How long an account or a card that could not be posted is left alone.
inline constexpr std::chrono::hours kSetAsideFor{1};

struct PostingFailure {
  ProgrammeId programme;
  std::string subject;  // "account <id>" or "card <id>".
  Error error;
};

struct PostingRound {
  int posted = 0;        // Accounts.
  int blocks_ended = 0;  // Cards that are active again.
  bool more = false;     // The batch was full: there may be more due.
  std::vector<PostingFailure> failed;
};

// The posting of one process. For one thread.
class Posting {
 public:
  // Both outlive it.
  Posting(Store& store, const Site& site) : store_(store), site_(site) {}

  // One batch, the longest due first. What cannot be posted (damaged, or of a programme that the
  // settings do not name) is reported and set aside, so that it stops nobody else. Fails with
  // kUnavailable if the store does not answer; what was posted stays posted.
  Result<PostingRound> RunBatch();

  // When something becomes due next, on any account or card; ledger::kNever if nothing will. What
  // is due already does not count. Fails as Store::Read.
  Result<Timestamp> NextDue() const;

 private:
  using Key = std::pair<ProgrammeId, std::string>;  // PostingFailure::subject.
  struct Due {
    Timestamp now;
    std::vector<DueAccount> accounts;
    std::vector<Transaction::CardOfProgramme> cards;
  };

  Result<Due> Look(int limit) const;
  Result<bool> Post(const DueAccount& due);
  Result<bool> EndBlock(const Transaction::CardOfProgramme& card);
  // Runs `post` unless the subject is set aside, and sets it aside if that fails. Fails with
  // kUnavailable only.
  Result<bool> Try(Key key, Timestamp now, PostingRound& round,
                   const std::function<Result<bool>()>& post);

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
