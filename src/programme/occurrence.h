#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "calendar/time_zone.h"

namespace passmint::programme {

// Where those born on 29 February have their birthday in common years. Law and custom differ, so it
// is a setting of the programme.
enum class LeapBirthday { kFeb28, kMar01 };

std::chrono::sys_days BirthdayIn(std::chrono::year year, std::chrono::year_month_day born,
                                 LeapBirthday leap = LeapBirthday::kFeb28);

// The first birthday on that day or behind it, and the last one on it or before.
std::chrono::sys_days NextBirthday(std::chrono::year_month_day born, std::chrono::sys_days day,
                                   LeapBirthday leap = LeapBirthday::kFeb28);
std::chrono::sys_days LastBirthday(std::chrono::year_month_day born, std::chrono::sys_days day,
                                   LeapBirthday leap = LeapBirthday::kFeb28);

// Whole years on that day; negative before birth.
std::int64_t AgeOn(std::chrono::year_month_day born, std::chrono::sys_days day,
                   LeapBirthday leap = LeapBirthday::kFeb28);

// A day that comes back: every year (month and day), or once.
struct Holiday {
  std::string id;
  std::chrono::month_day every_year{};  // Used unless `once` is set.
  std::optional<std::chrono::year_month_day> once = {};
};

// One time that something is due. The key is what makes it single: (rule, account, key) is granted
// once, however often the calendar is read.
struct Occurrence {
  std::string key;  // "2026": the year of the day that is celebrated.
  Timestamp due;    // The programme's hour of that day, on the celebrating zone's clock.
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

// Birthdays whose due instants lie in [from, until), in order. A day that the zone skipped (Apia
// had no 30 December 2011) is due with the next one. REQUIRES: 0 <= hour <= 23.
std::vector<Occurrence> Birthdays(std::chrono::year_month_day born, LeapBirthday leap, int hour,
                                  const calendar::TimeZone& zone, Timestamp from, Timestamp until);

// Likewise for a holiday. 29 February comes in leap years only.
std::vector<Occurrence> Holidays(const Holiday& holiday, int hour, const calendar::TimeZone& zone,
                                 Timestamp from, Timestamp until);

// Calendar units that limits and "once" count by.
enum class Unit { kDay, kWeek, kMonth, kQuarter, kYear, kEver };

// Names the unit that holds that day: "2026-11-21", "2026-W47" (ISO 8601), "2026-11", "2026-Q4",
// "2026", "ever". The occurrence of a grant with "once", and the period of a member's limit.
std::string UnitKey(Unit unit, std::chrono::year_month_day day);

// The first instant of the unit that holds `instant`, in that zone; nothing of kEver.
std::optional<Timestamp> UnitStart(Unit unit, const calendar::TimeZone& zone, Timestamp instant);

}  // namespace passmint::programme
