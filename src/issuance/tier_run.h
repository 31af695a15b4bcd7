#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/calendar_run.h"
#include "issuance/rule_book.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// How far the members of a programme were looked at by a version of its rules.
struct TierPlace {
  std::int64_t rule_set = 0;
  MemberId member;  // The last one who was looked at.
  bool done = true;
  Timestamp leased_until;  // Somebody works on it until then.

  friend bool operator==(const TierPlace&, const TierPlace&) = default;
};

// Changes levels where nobody buys anything: those that are due by time (the end of a window or of
// a grace), and, once other rules are in effect, those of all members, one by one. Every member is
// a write of its own (ReviewTier), so it may stop, run late, twice, or in many processes. How far a
// programme is stands in the setting "tiers.<programme>".
class TierRun {
 public:
  // Both outlive it. For one thread.
  TierRun(Store& store, const Site& site) : store_(store), site_(site) {}

  // One batch: kCalendarBatch of those that are due, and as many of every programme with other
  // rules. `given` counts whose cards show something else. A member who cannot be looked at is
  // reported and, if due, set aside for an hour. Fails with kUnavailable if the store does not
  // answer.
  Result<CalendarRound> RunBatch();

 private:
  struct Job {
    TierPlace place;  // As it is claimed.
    std::vector<MemberId> members;
  };

  Status RunDue(CalendarRound& round);
  Status SetAside(const ProgrammeId& programme, const MemberId& member);
  Result<std::optional<Job>> Next(Transaction& transaction, const ProgrammeSite& programme) const;
  Result<std::optional<Job>> Claim(const ProgrammeSite& programme);
  Result<bool> Look(const ProgrammeSite& programme, const MemberId& member, bool other_rules);
  Status RunProgramme(const ProgrammeSite& programme, CalendarRound& round);

  Store& store_;
  const Site& site_;
  std::map<ProgrammeId, Timestamp> look_at_;  // When a programme is looked at again.
};

}  // namespace passmint::issuance
