#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/timestamp.h"
#include "calendar/time_zone.h"

namespace passmint::programme {

// What clocks on the wall show in the programme's zone.
using LocalTime = std::chrono::local_seconds;

// "2026-12-01" (its first moment), "2026-12-01T10:00" or "2026-12-01T10:00:30". Nothing otherwise.
std::optional<LocalTime> ReadLocalTime(std::string_view text);

// From `begins` until just before `ends`, both on the wall of the programme's zone; absent: open.
struct Window {
  std::optional<LocalTime> begins;
  std::optional<LocalTime> ends;
};

// An instant in the programme's zone, for rules to look at. The zone is asked at most once for the
// clock, and never about windows that are a day or more away. Not safe for concurrent use.
class Moment {
 public:
  Moment(Timestamp instant, const calendar::TimeZone& zone) : instant_(instant), zone_(zone) {}

  Timestamp instant() const { return instant_; }
  const calendar::TimeZone& zone() const { return zone_; }

  LocalTime local() const;
  std::chrono::year_month_day day() const;
  int hour() const;
  int minute_of_day() const;

  // Half-open: at the very instant of `ends` it is over.
  bool Within(const Window& window) const;

 private:
  bool HasReached(LocalTime local) const;

  Timestamp instant_;
  calendar::TimeZone zone_;
  mutable std::optional<LocalTime> local_;
};

}  // namespace passmint::programme
