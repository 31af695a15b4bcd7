#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/calendar_run.h"
#include "issuance/rule_book.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// Everybody was looked at for the days before `due`, for that one those up to `member`.
struct ReminderPlace {
  Timestamp due;
  MemberId member{""};  // Empty: nobody yet.
  bool done = true;
  Timestamp leased_until;  // Somebody works on it until then.

  friend bool operator==(const ReminderPlace&, const ReminderPlace&) = default;
};

// Looks once a day, at the hour of the rules' calendar in the programme's zone, whom there is
// something to tell (reminders.h), member by member. How far it is, is kept; of days when the
// service was down the last is made up for, since it sees what the others would have. The rules of
// now judge. Any number of processes may run it. How far a programme is stands in the setting
// "reminders.<programme>".
class ReminderRun {
 public:
  // Both outlive it. For one thread.
  ReminderRun(Store& store, const Site& site) : store_(store), site_(site) {}

  // One batch of members of every programme whose day has come: kCalendarBatch of them. `given`
  // counts who was told something. Fails with kUnavailable if the store does not answer.
  Result<CalendarRound> RunBatch();

 private:
  struct Job {
    RulesPtr rules;
    ReminderPlace place;  // As it is claimed.
    std::vector<MemberId> members;
  };

  Result<std::optional<Job>> Next(Transaction& transaction, const ProgrammeSite& programme) const;
  Result<std::optional<Job>> Claim(const ProgrammeSite& programme);
  Result<bool> Tell(const ProgrammeSite& programme, const Job& job, const MemberId& member);
  Status RunProgramme(const ProgrammeSite& programme, CalendarRound& round);

  Store& store_;
  const Site& site_;
  std::map<ProgrammeId, Timestamp> look_at_;  // When a programme is looked at again.
};

}  // namespace passmint::issuance
