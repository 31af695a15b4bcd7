#include "calendar/quiet_hours.h"

#include <algorithm>

namespace passmint::calendar {

Timestamp AfterQuietHours(const std::optional<QuietHours>& quiet, Timestamp instant) {
  if (!quiet) return instant;
  const std::chrono::local_seconds local = quiet->zone.LocalAt(instant);
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const auto minute = local - midnight;
  const bool over_midnight = quiet->from > quiet->to;
  const bool is_quiet = over_midnight ? minute >= quiet->from || minute < quiet->to
                                      : minute >= quiet->from && minute < quiet->to;
  if (!is_quiet) return instant;
  std::chrono::local_seconds end = midnight + quiet->to;
  if (over_midnight && minute >= quiet->from) end += std::chrono::days(1);
  // An end that clocks show twice may have passed once already: then it is over.
  return std::max(instant, quiet->zone.InstantOf(end));
}

bool IsQuietAt(const std::optional<QuietHours>& quiet, Timestamp instant) {
  return AfterQuietHours(quiet, instant) > instant;
}

}  // namespace passmint::calendar
