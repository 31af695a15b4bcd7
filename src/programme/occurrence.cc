#include "programme/occurrence.h"

#include <fmt/format.h>

#include <functional>

#include "programme/period.h"

namespace passmint::programme {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// The occurrences of a day that `day_in` finds in each year, or does not.
std::vector<Occurrence> Yearly(const std::function<std::optional<sys_days>(year)>& day_in, int hour,
                               const calendar::TimeZone& zone, Timestamp from, Timestamp until) {
  std::vector<Occurrence> found;
  if (from >= until) return found;
  const year first = zone.DayAt(from).year();
  const year last = zone.DayAt(until).year();
  // A year more on both sides: a skipped day is due on another one.
  for (year y = first - std::chrono::years(1); y <= last + std::chrono::years(1); ++y) {
    const auto day = day_in(y);
    if (!day) continue;
    const std::chrono::local_days local(day->time_since_epoch());
    const Timestamp due =
        zone.InstantOf(std::chrono::local_seconds(local) + std::chrono::hours(hour));
    if (due >= from && due < until)
      found.push_back({fmt::format("{:04}", static_cast<int>(y)), due});
  }
  return found;
}

// Monday of the ISO week that holds that day.
sys_days MondayOf(sys_days day) { return day - (std::chrono::weekday(day) - std::chrono::Monday); }

std::string WeekKey(sys_days day) {
  // A week belongs to the year that its Thursday is in (ISO 8601).
  const sys_days thursday = MondayOf(day) + days(3);
  const year_month_day in(thursday);
  const auto since = thursday - sys_days(in.year() / 1 / 1);
  return fmt::format("{:04}-W{:02}", static_cast<int>(in.year()), since.count() / 7 + 1);
}

}  // namespace

sys_days BirthdayIn(year in, year_month_day born, LeapBirthday leap) {
  const year_month_day day = in / born.month() / born.day();
  if (day.ok()) return sys_days(day);
  return leap == LeapBirthday::kFeb28 ? sys_days(in / 2 / 28) : sys_days(in / 3 / 1);
}

sys_days NextBirthday(year_month_day born, sys_days day, LeapBirthday leap) {
  const year now = year_month_day(day).year();
  const sys_days birthday = BirthdayIn(now, born, leap);
  return birthday >= day ? birthday : BirthdayIn(now + std::chrono::years(1), born, leap);
}

sys_days LastBirthday(year_month_day born, sys_days day, LeapBirthday leap) {
  const year now = year_month_day(day).year();
  const sys_days birthday = BirthdayIn(now, born, leap);
  return birthday <= day ? birthday : BirthdayIn(now - std::chrono::years(1), born, leap);
}

std::int64_t AgeOn(year_month_day born, sys_days day, LeapBirthday leap) {
  return (year_month_day(LastBirthday(born, day, leap)).year() - born.year()).count();
}

std::vector<Occurrence> Birthdays(year_month_day born, LeapBirthday leap, int hour,
                                  const calendar::TimeZone& zone, Timestamp from, Timestamp until) {
  const auto day_in = [&](year y) -> std::optional<sys_days> {
    if (y <= born.year()) return std::nullopt;  // Nobody celebrates the day of birth itself.
    return BirthdayIn(y, born, leap);
  };
  return Yearly(day_in, hour, zone, from, until);
}

std::vector<Occurrence> Holidays(const Holiday& holiday, int hour, const calendar::TimeZone& zone,
                                 Timestamp from, Timestamp until) {
  const auto day_in = [&](year y) -> std::optional<sys_days> {
    const year_month_day day = holiday.once ? *holiday.once : y / holiday.every_year;
    if (!day.ok() || day.year() != y) return std::nullopt;
    return sys_days(day);
  };
  return Yearly(day_in, hour, zone, from, until);
}

std::string UnitKey(Unit unit, year_month_day day) {
  const int y = static_cast<int>(day.year());
  const unsigned month = static_cast<unsigned>(day.month());
  switch (unit) {
    case Unit::kDay:
      return FormatDate(day);
    case Unit::kWeek:
      return WeekKey(sys_days(day));
    case Unit::kMonth:
      return fmt::format("{:04}-{:02}", y, month);
    case Unit::kQuarter:
      return fmt::format("{:04}-Q{}", y, (month - 1) / 3 + 1);
    case Unit::kYear:
      return fmt::format("{:04}", y);
    case Unit::kEver:
      break;
  }
  return "ever";
}

std::optional<Timestamp> UnitStart(Unit unit, const calendar::TimeZone& zone, Timestamp instant) {
  const sys_days day(zone.DayAt(instant));
  switch (unit) {
    case Unit::kDay:
      return zone.StartOf(year_month_day(day));
    case Unit::kWeek:
      return zone.StartOf(year_month_day(MondayOf(day)));
    case Unit::kMonth:
      return zone.StartOf(year_month_day(FirstDayOf(day, RoundTo::kMonth)));
    case Unit::kQuarter:
      return zone.StartOf(year_month_day(FirstDayOf(day, RoundTo::kQuarter)));
    case Unit::kYear:
      return zone.StartOf(year_month_day(FirstDayOf(day, RoundTo::kYear)));
    case Unit::kEver:
      break;
  }
  return std::nullopt;
}

}  // namespace passmint::programme
