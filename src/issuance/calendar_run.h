#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/posting.h"
#include "issuance/rule_book.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/due_occasions.h"

namespace passmint::issuance {

// Gives what the calendar of the rules grants: birthdays, holidays. Each occasion is worked through
// in the order in which they fall due, members in batches; where it stands is kept, so that nothing
// is left out while the service is down, and nothing is given twice, whoever runs it how often in
// however many processes. An occasion is judged by the rule set that was in effect when it fell
// due, for the members who had joined by then.

// Members of one batch; each is a write of its own.
inline constexpr int kCalendarBatch = 100;
// How often it is looked whether something has fallen due or other rules were published.
inline constexpr std::chrono::seconds kCalendarPause{10};
// Who works on an occasion and dies leaves it to the next after so long.
inline constexpr std::chrono::seconds kCalendarLease{60};

struct CalendarRound {
  int members = 0;    // Looked at.
  int given = 0;      // Of them, who got something.
  bool more = false;  // There may be more due already.
  std::vector<PostingFailure> failed;
};

// The calendar of one process. For one thread.
class CalendarRun {
 public:
  // Both outlive it.
  CalendarRun(Store& store, const Site& site) : store_(store), site_(site) {}

  // One batch of every programme that has something due. A member to whom nothing can be given
  // (damaged) is reported and passed over, a programme whose rules cannot be read is reported and
  // looked at again. Fails with kUnavailable if the store does not answer.
  Result<CalendarRound> RunBatch();

 private:
  // An occasion that is due, and how far it is.
  struct Job {
    programme::DueOccasion occasion;
    RulesPtr rules;
    CalendarPlace place;            // As it is claimed.
    std::vector<MemberId> members;  // The next ones; none: nobody is left.
  };

  // What is to be done next, if anything; nobody else is at it.
  Result<std::optional<Job>> Next(Transaction& transaction, const ProgrammeSite& programme) const;
  Result<std::optional<Job>> Claim(const ProgrammeSite& programme);
  Status RunProgramme(const ProgrammeSite& programme, CalendarRound& round);
  Result<bool> Give(const ProgrammeSite& programme, const Job& job, const MemberId& member);
  Status Advance(const ProgrammeSite& programme, const CalendarPlace& claimed,
                 const CalendarPlace& reached);

  Store& store_;
  const Site& site_;
  std::map<ProgrammeId, Timestamp> look_at_;  // When a programme is looked at again.
};

}  // namespace passmint::issuance
