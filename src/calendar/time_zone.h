#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/timestamp.h"

namespace date {
class time_zone;
}

namespace passmint::calendar {

// A zone of the IANA database of this machine (package tzdata). Cheap to copy; safe for concurrent
// use.
class TimeZone {
 public:
  // Fails with kInvalidArgument if the machine's database has no zone of that name.
  static Result<TimeZone> Find(std::string_view name);

  std::string name() const;

  // East of UTC, at that instant. Zones with seconds in their offset (before 1972) are cut to
  // minutes.
  std::chrono::minutes OffsetAt(Timestamp instant) const;

  // The calendar day that it is there at that instant.
  std::chrono::year_month_day DayAt(Timestamp instant) const;

  // What the clocks on the wall there show at that instant, whole seconds.
  std::chrono::local_seconds LocalAt(Timestamp instant) const;

  // The instant at which the clocks there show that. Where clocks skip it, the first instant behind
  // the gap; where they show it twice, the earlier one.
  Timestamp InstantOf(std::chrono::local_seconds local) const;

  // The first instant of that day there. Where midnight is skipped it is the first instant behind
  // the gap; where it comes twice, the earlier one.
  Timestamp StartOf(std::chrono::year_month_day day) const;

 private:
  explicit TimeZone(const date::time_zone* zone) : zone_(zone) {}

  const date::time_zone* zone_;  // Of the library's database, which lives as long as the process.
};

}  // namespace passmint::calendar
