// Every zone of the machine's tzdata over every day of 2000 to 2040: birthdays, expiry, windows.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "programme/due_occasions.h"
#include "programme/moment.h"
#include "programme/occurrence.h"
#include "programme/period.h"

namespace passmint::programme {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

// Zones of tzdata by its own list; those that are the same clock under another name are not in it.
std::vector<calendar::TimeZone> Zones() {
  std::ifstream table("/usr/share/zoneinfo/tzdata.zi");
  std::vector<calendar::TimeZone> zones;
  for (std::string line; std::getline(table, line);) {
    if (!line.starts_with("Z ")) continue;
    const std::string name = line.substr(2, line.find(' ', 2) - 2);
    if (name == "Factory") continue;  // Says "set me", and is no place.
    auto zone = calendar::TimeZone::Find(name);
    EXPECT_TRUE(zone.ok()) << name;
    if (zone.ok()) zones.push_back(zone.value());
  }
  return zones;
}

// Every so many days; with PASSMINT_ALL_DAYS each one, which takes minutes.
days Every(int stride) {
  return std::getenv("PASSMINT_ALL_DAYS") != nullptr ? days(1) : days(stride);
}

const sys_days kFirst = std::chrono::year(2000) / 1 / 1;
const sys_days kLast = std::chrono::year(2040) / 12 / 31;

TEST(CalendarTortureTest, ADayIsAWindowAndWindowsHaveNeitherGapsNorOverlaps) {
  const std::vector<calendar::TimeZone> zones = Zones();
  ASSERT_GT(zones.size(), 200U);
  for (const calendar::TimeZone& zone : zones) {
    const std::string name = zone.name();
    Timestamp begin = zone.StartOf(year_month_day(kFirst));
    for (sys_days day = kFirst; day <= kLast; day += days(1)) {
      const Timestamp end = zone.StartOf(year_month_day(day + days(1)));
      const bool skipped = begin == end;
      ASSERT_LE(begin, end) << name << " " << FormatDate(year_month_day(day));
      if (!skipped) {
        // The first and the last moment show that day on the wall, except where the clock was put
        // back over midnight: then the last hour shows the day before or after once more.
        ASSERT_EQ(zone.DayAt(begin), year_month_day(day)) << name;
      }
      begin = end;
    }
  }
}

TEST(CalendarTortureTest, PointsLiveAtLeastAsLongAsPromisedAndAWholeDayAtMostLonger) {
  const Expiry two_weeks{.never = false, .after = {.months = 0, .days = 14}};
  const Expiry month{
      .never = false, .after = {.months = 1, .days = 0}, .round_to = RoundTo::kMonth};
  for (const calendar::TimeZone& zone : Zones()) {
    const std::string name = zone.name();
    for (sys_days day = kFirst; day <= kLast; day += Every(5)) {
      const Timestamp earned = Timestamp(day) + std::chrono::hours(12);
      const Timestamp over = ExpiresAt(two_weeks, zone, earned);
      // 14 days of which one may be skipped or have 23 hours; zones that skip a day lose it.
      ASSERT_GE(over, earned + days(13) - std::chrono::hours(2)) << name;
      ASSERT_LE(over, earned + days(15) + std::chrono::hours(2)) << name;
      const year_month_day first(sys_days(zone.DayAt(ExpiresAt(month, zone, earned))));
      ASSERT_EQ(first.day(), std::chrono::day(1)) << name << " " << FormatDate(first);
    }
  }
}

TEST(CalendarTortureTest, EveryBirthdayComesOnceAYearEverywhere) {
  for (const calendar::TimeZone& zone : Zones()) {
    const std::string name = zone.name();
    const Timestamp from = zone.StartOf(year_month_day(kFirst));
    const Timestamp until = zone.StartOf(year_month_day(kLast + days(1)));
    for (sys_days born = std::chrono::year(1996) / 1 / 1; born < std::chrono::year(1997) / 1 / 1;
         born += name == "Pacific/Apia" || name == "Africa/Cairo" ? days(1) : Every(31)) {
      const auto found =
          Birthdays(year_month_day(born), LeapBirthday::kMar01, 0, zone, from, until);
      ASSERT_EQ(found.size(), 41U) << name << " " << FormatDate(year_month_day(born));
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_EQ(found[i].key, std::to_string(2000 + i)) << name;
        ASSERT_TRUE(i == 0 || found[i - 1].due < found[i].due) << name;
      }
    }
  }
}

// What the scheduler walks along: each birthday of each day of the year, a day's hour that clocks
// skip and show twice among them.
TEST(CalendarTortureTest, TheCalendarsOccasionsComeOnceAYearEverywhere) {
  RuleSet rules;
  rules.calendar_hour = 2;
  rules.holidays = {{.id = "new_year", .every_year = std::chrono::January / 1}};
  Award birthday;
  birthday.id = birthday.occasion = "birthday";
  Award new_year;
  new_year.id = new_year.occasion = "new_year";
  rules.occasions = {birthday, new_year};
  const bool all = std::getenv("PASSMINT_ALL_DAYS") != nullptr;
  int at = 0;
  for (const calendar::TimeZone& zone : Zones()) {
    const std::string name = zone.name();
    const bool odd = name == "Pacific/Apia" || name == "Africa/Cairo";
    if (!all && !odd && ++at % 40 != 0) continue;
    const Timestamp from = zone.StartOf(year_month_day(kFirst));
    const Timestamp until = zone.StartOf(year_month_day(kLast + days(1)));
    std::map<std::string, int> times;  // By year, or by day of the year.
    for (Timestamp begin = from; begin < until; begin += days(45)) {
      for (const DueOccasion& one :
           DueOccasions(rules, {{"", zone}}, begin, std::min(until, begin + days(45)))) {
        ++times[one.born.empty() ? one.occurrence : one.born];
      }
    }
    ASSERT_EQ(times.size(), 41U + 366U) << name;
    for (const auto& [what, count] : times) {
      ASSERT_EQ(count, what.size() == 4 ? 1 : 41) << name << " " << what;
    }
  }
}

TEST(CalendarTortureTest, AWindowOpensAndClosesOnceEverywhere) {
  const Window window{.begins = ReadLocalTime("2011-12-30"), .ends = ReadLocalTime("2012-01-02")};
  for (const calendar::TimeZone& zone : Zones()) {
    const std::string name = zone.name();
    int changes = 0;
    bool open = false;
    for (Timestamp at = ParseRfc3339("2011-12-28T00:00:00Z").value();
         at < ParseRfc3339("2012-01-05T00:00:00Z").value(); at += std::chrono::minutes(30)) {
      if (Moment(at, zone).Within(window) == open) continue;
      open = !open;
      ++changes;
    }
    ASSERT_EQ(changes, 2) << name;
  }
}

}  // namespace
}  // namespace passmint::programme
