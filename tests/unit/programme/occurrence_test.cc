#include "programme/occurrence.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace passmint::programme {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

Timestamp At(const std::string& text) { return ParseRfc3339(text).value(); }
calendar::TimeZone Zone(const std::string& name) { return calendar::TimeZone::Find(name).value(); }
std::chrono::year_month_day Date(const std::string& text) { return ParseDate(text).value(); }

std::string Told(const std::vector<Occurrence>& occurrences) {
  std::string text;
  for (const Occurrence& each : occurrences) text += each.key + " " + FormatRfc3339(each.due) + ";";
  return text;
}

TEST(OccurrenceTest, ABirthdayIsDueOnceAYearAtTheHourOfItsZone) {
  EXPECT_EQ(Told(Birthdays(Date("1990-03-01"), LeapBirthday::kFeb28, 9, Zone("Europe/Moscow"),
                           At("2026-01-01T00:00:00Z"), At("2028-01-01T00:00:00Z"))),
            "2026 2026-03-01T06:00:00Z;2027 2027-03-01T06:00:00Z;");
  // Half-open: due at `from`, not at `until`.
  EXPECT_EQ(Told(Birthdays(Date("1990-03-01"), LeapBirthday::kFeb28, 9, Zone("Europe/Moscow"),
                           At("2026-03-01T06:00:00Z"), At("2027-03-01T06:00:00Z"))),
            "2026 2026-03-01T06:00:00Z;");
}

TEST(OccurrenceTest, TheTwentyNinthOfFebruaryIsCelebratedAsTheProgrammeSays) {
  const auto of = [](LeapBirthday leap) {
    return Told(Birthdays(Date("2000-02-29"), leap, 0, Zone("UTC"), At("2027-01-01T00:00:00Z"),
                          At("2029-01-01T00:00:00Z")));
  };
  EXPECT_EQ(of(LeapBirthday::kFeb28), "2027 2027-02-28T00:00:00Z;2028 2028-02-29T00:00:00Z;");
  EXPECT_EQ(of(LeapBirthday::kMar01), "2027 2027-03-01T00:00:00Z;2028 2028-02-29T00:00:00Z;");
}

TEST(OccurrenceTest, A2_NewYearIsOnceAYearHoweverTheCalendarIsRead) {
  const Holiday new_year{.id = "new_year",
                         .every_year = std::chrono::month(1) / std::chrono::day(1)};
  // Hour by hour over two turns of the year, in overlapping looks.
  std::set<std::string> keys;
  int found = 0;
  const Timestamp begin = At("2026-12-30T00:00:00Z");
  for (int hour = 0; hour < 24 * 370; ++hour) {
    const Timestamp from = begin + std::chrono::hours(hour);
    for (const Occurrence& each :
         Holidays(new_year, 0, Zone("Europe/Moscow"), from, from + std::chrono::hours(1))) {
      keys.insert(each.key);
      ++found;
    }
  }
  EXPECT_EQ(found, 2);
  EXPECT_EQ(keys, (std::set<std::string>{"2027", "2028"}));
}

TEST(OccurrenceTest, B27_AHolidayAndABirthdayOverTenYearsInFiveZones) {
  const Holiday once{.id = "opening",
                     .every_year = std::chrono::month(5) / std::chrono::day(9),
                     .once = Date("2030-05-09")};
  const Holiday leap{.id = "leap", .every_year = std::chrono::month(2) / std::chrono::day(29)};
  for (const char* name : {"Europe/Moscow", "America/New_York", "Asia/Kolkata", "Pacific/Apia",
                           "Australia/Lord_Howe"}) {
    const auto zone = Zone(name);
    const Timestamp from = At("2026-06-01T00:00:00Z");
    const Timestamp until = At("2036-06-01T00:00:00Z");
    EXPECT_EQ(Birthdays(Date("1984-02-29"), LeapBirthday::kFeb28, 9, zone, from, until).size(), 10U)
        << name;
    EXPECT_EQ(Holidays(once, 9, zone, from, until).size(), 1U) << name;
    EXPECT_EQ(Holidays(leap, 9, zone, from, until).size(), 3U) << name;  // 2028, 2032, 2036.
  }
}

TEST(OccurrenceTest, ASkippedDayIsDueWithTheNext) {
  // Apia had no 30 December 2011.
  EXPECT_EQ(Told(Birthdays(Date("1980-12-30"), LeapBirthday::kFeb28, 9, Zone("Pacific/Apia"),
                           At("2011-12-01T00:00:00Z"), At("2012-01-15T00:00:00Z"))),
            "2011 2011-12-30T10:00:00Z;");
}

TEST(OccurrenceTest, NobodyCelebratesTheDayOfBirthOrBeforeIt) {
  EXPECT_EQ(Told(Birthdays(Date("2026-03-01"), LeapBirthday::kFeb28, 9, Zone("UTC"),
                           At("2025-01-01T00:00:00Z"), At("2027-12-01T00:00:00Z"))),
            "2027 2027-03-01T09:00:00Z;");
}

TEST(OccurrenceTest, CountsDaysToAndFromABirthday) {
  const auto born = Date("1990-11-24");
  const sys_days today(Date("2026-11-21"));
  EXPECT_EQ((NextBirthday(born, today) - today).count(), 3);
  EXPECT_EQ((today - LastBirthday(born, today)).count(), 362);
  EXPECT_EQ(AgeOn(born, today), 35);
  EXPECT_EQ(AgeOn(born, today + days(3)), 36);
  EXPECT_EQ((NextBirthday(born, today + days(3)) - (today + days(3))).count(), 0);
}

TEST(OccurrenceTest, NamesUnitsOfTheCalendar) {
  EXPECT_EQ(UnitKey(Unit::kDay, Date("2026-11-21")), "2026-11-21");
  EXPECT_EQ(UnitKey(Unit::kWeek, Date("2026-11-21")), "2026-W47");
  EXPECT_EQ(UnitKey(Unit::kWeek, Date("2027-01-01")), "2026-W53");  // ISO 8601: a Friday.
  EXPECT_EQ(UnitKey(Unit::kWeek, Date("2024-12-30")), "2025-W01");
  EXPECT_EQ(UnitKey(Unit::kMonth, Date("2026-11-21")), "2026-11");
  EXPECT_EQ(UnitKey(Unit::kQuarter, Date("2026-11-21")), "2026-Q4");
  EXPECT_EQ(UnitKey(Unit::kYear, Date("2026-11-21")), "2026");
  EXPECT_EQ(UnitKey(Unit::kEver, Date("2026-11-21")), "ever");
  const auto start = [](Unit unit) {
    return FormatRfc3339(*UnitStart(unit, Zone("Europe/Moscow"), At("2026-11-21T10:00:00Z")));
  };
  EXPECT_EQ(start(Unit::kDay), "2026-11-20T21:00:00Z");
  EXPECT_EQ(start(Unit::kWeek), "2026-11-15T21:00:00Z");
  EXPECT_EQ(start(Unit::kMonth), "2026-10-31T21:00:00Z");
  EXPECT_EQ(start(Unit::kQuarter), "2026-09-30T21:00:00Z");
  EXPECT_EQ(start(Unit::kYear), "2025-12-31T21:00:00Z");
  EXPECT_FALSE(UnitStart(Unit::kEver, Zone("UTC"), At("2026-11-21T10:00:00Z")).has_value());
}

}  // namespace
}  // namespace passmint::programme
