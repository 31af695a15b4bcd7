#include "calendar/time_zone.h"

#include <date/tz.h>

#include <exception>

namespace passmint::calendar {

Result<TimeZone> TimeZone::Find(std::string_view name) {
  try {
    return TimeZone(date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "unknown time zone \"" + std::string(name) + "\"",
                 .hint =
                     "use a name of the IANA database such as Europe/Moscow (see: timedatectl "
                     "list-timezones)"};
  }
}

std::string TimeZone::name() const { return zone_->name(); }

std::chrono::minutes TimeZone::OffsetAt(Timestamp instant) const {
  return std::chrono::floor<std::chrono::minutes>(zone_->get_info(instant).offset);
}

std::chrono::year_month_day TimeZone::DayAt(Timestamp instant) const {
  const auto local = date::floor<date::days>(zone_->to_local(instant));
  return std::chrono::year_month_day(
      std::chrono::sys_days(std::chrono::days(local.time_since_epoch().count())));
}

Timestamp TimeZone::StartOf(std::chrono::year_month_day day) const {
  const auto days = std::chrono::sys_days(day).time_since_epoch();
  const date::local_seconds midnight{std::chrono::seconds(days)};
  // `earliest` maps a skipped local time to the instant of the gap, which is the first one behind
  // it.
  return Timestamp(zone_->to_sys(midnight, date::choose::earliest));
}

}  // namespace passmint::calendar
