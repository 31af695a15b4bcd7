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

// The members of a claimed job, one after the other; then `put` writes how far it got, unless
// somebody else has gone on meanwhile, because the lease was over. `look` answers whether a member
// was given something; one who cannot be looked at is reported, and passed over. Fails with
// kUnavailable: the job is claimed again when the lease is over.
template <class Job, class Look, class Find, class Put>
Status RunMembers(Store& store, const ProgrammeId& programme, const Job& job, CalendarRound& round,
                  Look look, Find find, Put put) {
  auto reached = job.place;
  reached.leased_until = {};
  for (const MemberId& member : job.members) {
    Result<bool> looked = look(member);
    if (!looked.ok() && looked.error().code == ErrorCode::kUnavailable) {
      return std::move(looked).error();
    }
    ++round.members;
    if (looked.ok()) {
      round.given += looked.value() ? 1 : 0;
    } else {
      round.failed.push_back({programme, "member " + member.str(), std::move(looked).error()});
    }
    reached.member = member;
  }
  reached.done = job.members.size() < static_cast<std::size_t>(kCalendarBatch);
  round.more = true;
  return store.Write([&](Transaction& transaction) -> Status {
    const auto place = find(transaction, programme);
    if (!place.ok()) return place.error();
    return place.value() == job.place ? put(transaction, programme, reached) : Status();
  });
}

}  // namespace passmint::issuance
