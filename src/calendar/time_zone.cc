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

std::chrono::local_seconds TimeZone::LocalAt(Timestamp instant) const {
  const auto whole = std::chrono::floor<std::chrono::seconds>(instant);
  return std::chrono::local_seconds(whole.time_since_epoch() + zone_->get_info(instant).offset);
}

Timestamp TimeZone::InstantOf(std::chrono::local_seconds local) const {
  // `earliest` maps a skipped local time to the instant of the gap, which is the first one behind
  // it.
  return Timestamp(
      zone_->to_sys(date::local_seconds(local.time_since_epoch()), date::choose::earliest));
}

Timestamp TimeZone::StartOf(std::chrono::year_month_day day) const {
  return InstantOf(std::chrono::local_seconds(std::chrono::local_days(day)));
}

}  // namespace passmint::calendar
