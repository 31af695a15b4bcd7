#include "calendar/time_zone.h"

#include <gtest/gtest.h>

namespace passmint::calendar {
namespace {

using std::chrono::minutes;

std::string StartOf(const char* zone, const char* day) {
  return FormatRfc3339(TimeZone::Find(zone).value().StartOf(ParseDate(day).value()));
}

TEST(TimeZoneTest, KnowsTheOffsetAtAnInstant) {
  const TimeZone berlin = TimeZone::Find("Europe/Berlin").value();
  EXPECT_EQ(berlin.OffsetAt(ParseRfc3339("2026-01-01T00:00:00Z").value()), minutes(60));
  EXPECT_EQ(berlin.OffsetAt(ParseRfc3339("2026-07-01T00:00:00Z").value()), minutes(120));
}

TEST(TimeZoneTest, SaysWhichDayItIsThere) {
  const TimeZone tokyo = TimeZone::Find("Asia/Tokyo").value();
  EXPECT_EQ(FormatDate(tokyo.DayAt(ParseRfc3339("2026-11-21T15:00:00Z").value())), "2026-11-22");
  EXPECT_EQ(FormatDate(tokyo.DayAt(ParseRfc3339("2026-11-21T14:59:59Z").value())), "2026-11-21");
}

TEST(TimeZoneTest, StartsADayAtItsFirstInstant) {
  EXPECT_EQ(StartOf("Europe/Moscow", "2026-11-21"), "2026-11-20T21:00:00Z");
  // Beirut skips midnight in spring: the day starts at 01:00 summer time.
  EXPECT_EQ(StartOf("Asia/Beirut", "2026-03-29"), "2026-03-28T22:00:00Z");
  // Havana has midnight twice in autumn.
  EXPECT_EQ(StartOf("America/Havana", "2026-11-01"), "2026-11-01T04:00:00Z");
  // Samoa skipped 30 December 2011 whole.
  EXPECT_EQ(StartOf("Pacific/Apia", "2011-12-30"), StartOf("Pacific/Apia", "2011-12-31"));
}

TEST(TimeZoneTest, ReadsTheClockOnTheWallAndBack) {
  const TimeZone berlin = TimeZone::Find("Europe/Berlin").value();
  const auto shown = [&berlin](const char* instant) {
    return berlin.LocalAt(ParseRfc3339(instant).value());
  };
  const auto at = [](const char* day, int hour, int minute) {
    return std::chrono::local_seconds(std::chrono::local_days(ParseDate(day).value())) +
           std::chrono::hours(hour) + minutes(minute);
  };
  EXPECT_EQ(shown("2026-11-21T10:00:00.900000Z"), at("2026-11-21", 11, 0));
  EXPECT_EQ(FormatRfc3339(berlin.InstantOf(at("2026-07-01", 12, 0))), "2026-07-01T10:00:00Z");
  // 29 March 2026: 02:00 to 03:00 is skipped; 25 October: it is shown twice.
  EXPECT_EQ(FormatRfc3339(berlin.InstantOf(at("2026-03-29", 2, 30))), "2026-03-29T01:00:00Z");
  EXPECT_EQ(FormatRfc3339(berlin.InstantOf(at("2026-10-25", 2, 30))), "2026-10-25T00:30:00Z");
}

TEST(TimeZoneTest, RefusesANameThatTheDatabaseLacks) {
  const auto zone = TimeZone::Find("Europe/Mosco");
  ASSERT_FALSE(zone.ok());
  EXPECT_EQ(zone.error().message, "unknown time zone \"Europe/Mosco\"");
}

}  // namespace
}  // namespace passmint::calendar
