#include "programme/due_occasions.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace passmint::programme {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

std::string YearOf(sys_days day) {
  return fmt::format("{:04}", static_cast<int>(year_month_day(day).year()));
}

std::string Born(std::chrono::month_day day) {
  return fmt::format("{:02}-{:02}", static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

// Collects what falls due in a time.
class Finder {
 public:
  Finder(const RuleSet& rules, Timestamp from, Timestamp until)
      : rules_(rules), from_(from), until_(until) {}

  void AddBirthdays(const Award& award, const NamedZone& zone) {
    // Two days more on both sides: a skipped day is due on another one.
    const sys_days first = sys_days(zone.zone.DayAt(from_)) - days(2);
    const sys_days last = sys_days(zone.zone.DayAt(until_)) + days(2);
    for (sys_days told = first; told <= last; told += days(1)) {
      const sys_days birthday = told + days(award.days_before);
      const year_month_day date(birthday);
      Add(award, zone, told, birthday, Born(date.month() / date.day()));
      const year_month_day leap(BirthdayIn(date.year(), kLeapDay, rules_.leap_birthday));
      if (leap == date && date.day() != std::chrono::day(29)) {
        Add(award, zone, told, birthday, Born(std::chrono::February / 29));
      }
    }
  }

  void AddHoliday(const Award& award, const Holiday& holiday, const NamedZone& zone) {
    const year first = zone.zone.DayAt(from_).year() - std::chrono::years(1);
    const year last = zone.zone.DayAt(until_).year() + std::chrono::years(1);
    for (year y = first; y <= last; ++y) {
      const year_month_day day = holiday.once ? *holiday.once : y / holiday.every_year;
      if (!day.ok() || day.year() != y) continue;
      Add(award, zone, sys_days(day) - days(award.days_before), sys_days(day), {});
    }
  }

  std::vector<DueOccasion> Sorted() && {
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  // Born in a leap year on its own day.
  static constexpr year_month_day kLeapDay{year(2000), std::chrono::February, std::chrono::day(29)};

  void Add(const Award& award, const NamedZone& zone, sys_days told, sys_days celebrated,
           std::string born) {
    const std::chrono::local_days local(told.time_since_epoch());
    const Timestamp due = zone.zone.InstantOf(std::chrono::local_seconds(local) +
                                              std::chrono::hours(rules_.calendar_hour));
    if (due < from_ || due >= until_) return;
    found_.push_back({.due = due,
                      .rule = award.id,
                      .zone = zone.name,
                      .occurrence = YearOf(celebrated),
                      .born = std::move(born)});
  }

  const RuleSet& rules_;
  Timestamp from_;
  Timestamp until_;
  std::vector<DueOccasion> found_;
};

}  // namespace

std::vector<DueOccasion> DueOccasions(const RuleSet& rules, const std::vector<NamedZone>& zones,
                                      Timestamp from, Timestamp until) {
  if (from >= until) return {};
  Finder finder(rules, from, until);
  for (const Award& award : rules.occasions) {
    if (award.occasion == "birthday") {
      for (const NamedZone& zone : zones) finder.AddBirthdays(award, zone);
      continue;
    }
    for (const Holiday& holiday : rules.holidays) {
      if (holiday.id == award.occasion) finder.AddHoliday(award, holiday, zones.front());
    }
  }
  return std::move(finder).Sorted();
}

}  // namespace passmint::programme
