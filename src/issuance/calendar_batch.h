#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/calendar_run.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// When a programme is looked at again.
using LookAt = std::map<ProgrammeId, Timestamp>;

// One batch of every programme whose time has come by `look_at`, which is moved by kCalendarPause
// where nothing is left to do. A programme that cannot be run is reported as the failure of `what`
// and looked at again. Fails with kUnavailable if the store does not answer.
Result<CalendarRound> RunProgrammes(
    const Store& store, const Site& site, LookAt& look_at, const std::string& what,
    const std::function<Status(const ProgrammeSite&, CalendarRound&)>& run);

// What `next` finds to do, leased for kCalendarLease: `put` keeps its place, so that no other
// process takes it. `next` is asked in a read first: most of the time there is nothing. Fails as
// the store.
template <class Job, class Next, class Put>
Result<std::optional<Job>> ClaimJob(Store& store, Next next, Put put) {
  std::optional<Job> job;
  const auto look = [&](Transaction& transaction) -> Status {
    auto found = next(transaction);
    if (!found.ok()) return std::move(found).error();
    job = std::move(found).value();
    return {};
  };
  if (Status read = store.Read(look); !read.ok()) return std::move(read).error();
  if (!job) return job;
  Status claimed = store.Write([&](Transaction& transaction) -> Status {
    if (Status looked = look(transaction); !looked.ok() || !job) return looked;
    job->place.leased_until = transaction.Now() + kCalendarLease;
    return put(transaction, job->place);
  });
  if (!claimed.ok()) return std::move(claimed).error();
  return job;
}

}  // namespace passmint::issuance
