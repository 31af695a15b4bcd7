#include "issuance/calendar_batch.h"

#include <algorithm>
#include <iterator>

namespace passmint::issuance {

Result<CalendarRound> RunProgrammes(
    const Store& store, const Site& site, LookAt& look_at, const std::string& what,
    const std::function<Status(const ProgrammeSite&, CalendarRound&)>& run) {
  Timestamp now;
  Status read = store.Read([&now](Transaction& transaction) -> Status {
    now = transaction.Now();
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  CalendarRound round;
  for (const auto& [id, programme] : site.programmes) {
    Timestamp& next = look_at[id];
    if (now < next && next <= now + kCalendarPause) continue;
    CalendarRound one;
    if (Status done = run(programme, one); !done.ok()) {
      if (done.error().code == ErrorCode::kUnavailable) return std::move(done).error();
      one.failed.push_back({id, what, std::move(done).error()});
    }
    if (!one.more) next = now + kCalendarPause;
    round.members += one.members;
    round.given += one.given;
    round.more = round.more || one.more;
    std::move(one.failed.begin(), one.failed.end(), std::back_inserter(round.failed));
  }
  return round;
}

}  // namespace passmint::issuance
