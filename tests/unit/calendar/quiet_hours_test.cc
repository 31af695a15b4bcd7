#include "calendar/quiet_hours.h"

#include <gtest/gtest.h>

#include <string_view>

namespace passmint::calendar {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

QuietHours Hours(minutes from, minutes to, std::string_view zone) {
  return {.from = from, .to = to, .zone = TimeZone::Find(zone).value()};
}

std::string After(const QuietHours& quiet, std::string_view instant) {
  return FormatRfc3339(AfterQuietHours(quiet, ParseRfc3339(instant).value()));
}

const QuietHours kNight = Hours(hours(22), hours(8), "Europe/Berlin");

TEST(QuietHours, ANightEndsInTheMorningWhetherItIsBeforeMidnightOrAfter) {
  EXPECT_EQ(After(kNight, "2026-06-10T19:59:59Z"), "2026-06-10T19:59:59Z");
  EXPECT_EQ(After(kNight, "2026-06-10T20:00:00Z"), "2026-06-11T06:00:00Z");
  EXPECT_EQ(After(kNight, "2026-06-11T05:59:59Z"), "2026-06-11T06:00:00Z");
  EXPECT_EQ(After(kNight, "2026-06-11T06:00:00Z"), "2026-06-11T06:00:00Z");
}

TEST(QuietHours, TheNightInWhichClocksGoForwardEndsWhenTheClockOnTheWallSaysSo) {
  EXPECT_EQ(After(kNight, "2026-03-28T21:30:00Z"), "2026-03-29T06:00:00Z");
}

TEST(QuietHours, TheNightInWhichClocksGoBackEndsWhenTheClockOnTheWallSaysSo) {
  EXPECT_EQ(After(kNight, "2026-10-24T20:30:00Z"), "2026-10-25T07:00:00Z");
}

TEST(QuietHours, AnEndThatClocksSkipIsTheEndOfTheGap) {
  const QuietHours quiet = Hours(hours(22), minutes(150), "Europe/Berlin");
  EXPECT_EQ(After(quiet, "2026-03-28T23:00:00Z"), "2026-03-29T01:00:00Z");
}

TEST(QuietHours, AnEndThatComesTwiceIsOverTheFirstTime) {
  const QuietHours quiet = Hours(hours(22), minutes(150), "Europe/Berlin");
  EXPECT_EQ(After(quiet, "2026-10-24T23:00:00Z"), "2026-10-25T00:30:00Z");
  EXPECT_EQ(After(quiet, "2026-10-25T01:10:00Z"), "2026-10-25T01:10:00Z");
}

TEST(QuietHours, NoneAreNeverQuiet) {
  const Timestamp midnight = ParseRfc3339("2026-06-10T22:00:00Z").value();
  EXPECT_EQ(AfterQuietHours({}, midnight), midnight);
  EXPECT_FALSE(IsQuietAt({}, midnight));
  EXPECT_TRUE(IsQuietAt(kNight, midnight));
}

}  // namespace
}  // namespace passmint::calendar
