#pragma once

#include <chrono>
#include <optional>

#include "base/timestamp.h"
#include "calendar/time_zone.h"

namespace passmint::calendar {

// Hours of every day in which customers are left alone, by the clocks on the wall.
struct QuietHours {
  std::chrono::minutes from;  // Since midnight there, 0 to 1439; later than `to`: over midnight.
  std::chrono::minutes to;    // Not `from`.
  TimeZone zone;
};

// `instant` itself, or the end of the quiet hours that it falls into. Nothing: none are quiet.
Timestamp AfterQuietHours(const std::optional<QuietHours>& quiet, Timestamp instant);

// Whether that is later than `instant`.
bool IsQuietAt(const std::optional<QuietHours>& quiet, Timestamp instant);

}  // namespace passmint::calendar
