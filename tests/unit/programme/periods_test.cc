// When points begin and cease to count, worked out with a calendar.

#include <gtest/gtest.h>

#include <string>

#include "ledger/lot.h"
#include "programme/period.h"

namespace passmint::programme {
namespace {

Timestamp At(const std::string& text) { return ParseRfc3339(text).value(); }

calendar::TimeZone Zone(const std::string& name) { return calendar::TimeZone::Find(name).value(); }

Expiry After(int months, int days, RoundTo round_to = RoundTo::kDay) {
  return {.never = false, .after = {.months = months, .days = days}, .round_to = round_to};
}

std::string Ends(const Expiry& expiry, const std::string& earned,
                 const std::string& zone = "Europe/Moscow") {
  return FormatRfc3339(ExpiresAt(expiry, Zone(zone), At(earned)));
}

TEST(ExpiryTest, PointsLiveUntilTheEndOfTheirLastDayInTheProgrammesZone) {
  // The last day is 5 December; Moscow's midnight is 21:00 UTC.
  EXPECT_EQ(Ends(After(0, 14), "2026-11-21T10:00:00+03:00"), "2026-12-05T21:00:00Z");
  // Half an hour later in UTC it is the next day in Moscow already.
  EXPECT_EQ(Ends(After(0, 14), "2026-11-21T20:59:59Z"), "2026-12-05T21:00:00Z");
  EXPECT_EQ(Ends(After(0, 14), "2026-11-21T21:00:00Z"), "2026-12-06T21:00:00Z");
}

TEST(ExpiryTest, ADayThatTheMonthLacksBecomesItsLast) {
  EXPECT_EQ(Ends(After(1, 0), "2027-01-31T12:00:00+03:00"), "2027-02-28T21:00:00Z");
  EXPECT_EQ(Ends(After(1, 0), "2028-01-31T12:00:00+03:00"), "2028-02-29T21:00:00Z");
  EXPECT_EQ(Ends(After(12, 0), "2028-02-29T12:00:00+03:00"), "2029-02-28T21:00:00Z");
}

TEST(ExpiryTest, MonthsAreCountedBeforeDays) {
  // 31 January + 1 month = 28 February, + 1 day = 1 March.
  EXPECT_EQ(Ends(After(1, 1), "2027-01-31T12:00:00+03:00"), "2027-03-01T21:00:00Z");
}

TEST(ExpiryTest, RoundsUpToTheEndOfMonthQuarterAndYear) {
  const std::string earned = "2026-11-21T10:00:00+03:00";  // + 12 months: 21 November 2027.
  EXPECT_EQ(Ends(After(12, 0, RoundTo::kMonth), earned), "2027-11-30T21:00:00Z");
  EXPECT_EQ(Ends(After(12, 0, RoundTo::kQuarter), earned), "2027-12-31T21:00:00Z");
  EXPECT_EQ(Ends(After(12, 0, RoundTo::kYear), earned), "2027-12-31T21:00:00Z");
  EXPECT_EQ(Ends(After(3, 0, RoundTo::kMonth), earned), "2027-02-28T21:00:00Z");
  EXPECT_EQ(Ends(After(3, 0, RoundTo::kQuarter), earned), "2027-03-31T21:00:00Z");
  // The last day of a quarter stays.
  EXPECT_EQ(Ends(After(0, 0, RoundTo::kQuarter), "2027-03-31T12:00:00+03:00"),
            "2027-03-31T21:00:00Z");
}

TEST(ExpiryTest, EdgeCase27TheDayIsLocalWhereClocksChangeAndMidnightIsMissing) {
  // New York: UTC-5 in winter, UTC-4 in summer.
  EXPECT_EQ(Ends(After(0, 7), "2027-03-10T12:00:00-05:00", "America/New_York"),
            "2027-03-18T04:00:00Z");
  // Cairo, 26 April 2024: the clock went from 24:00 on the 25th to 01:00, so that day begins at
  // 01:00 of UTC+3.
  EXPECT_EQ(Ends(After(0, 0), "2024-04-25T12:00:00+02:00", "Africa/Cairo"), "2024-04-25T22:00:00Z");
}

TEST(ExpiryTest, EdgeCase49ADayOf25HoursAndALeapSecondAreDaysAsAnyOther) {
  // Berlin, 25 October 2026: 25 hours. Fourteen days are fourteen dates, not 336 hours.
  EXPECT_EQ(Ends(After(0, 14), "2026-10-20T12:00:00+02:00", "Europe/Berlin"),
            "2026-11-03T23:00:00Z");
  EXPECT_EQ(Ends(After(0, 1), "2026-10-25T00:30:00+02:00", "Europe/Berlin"),
            "2026-10-26T23:00:00Z");
  EXPECT_EQ(Ends(After(0, 1), "2026-10-25T23:30:00+01:00", "Europe/Berlin"),
            "2026-10-26T23:00:00Z");
  // The second before and the one after that of 31 December 2016, which instants do not count.
  EXPECT_EQ(Ends(After(0, 1), "2016-12-31T23:59:59Z", "Europe/London"), "2017-01-02T00:00:00Z");
  EXPECT_EQ(Ends(After(0, 1), "2017-01-01T00:00:00Z", "Europe/London"), "2017-01-03T00:00:00Z");
  EXPECT_EQ(At("2017-01-01T00:00:00Z") - At("2016-12-31T23:59:59Z"), std::chrono::seconds(1));
}

TEST(ExpiryTest, NeverIsNever) {
  EXPECT_EQ(ExpiresAt(Expiry{}, Zone("Europe/Moscow"), At("2026-11-21T10:00:00Z")), ledger::kNever);
}

TEST(ActivationTest, NoPeriodIsAtOnceAndAPeriodEndsAtMidnight) {
  const Timestamp earned = At("2026-11-21T10:30:00+03:00");
  const calendar::TimeZone moscow = Zone("Europe/Moscow");
  EXPECT_EQ(ActivatesAt(Period{}, moscow, earned), earned);
  EXPECT_EQ(ActivatesAt({.months = 0, .days = 14}, moscow, earned),
            At("2026-12-05T00:00:00+03:00"));
  EXPECT_EQ(ActivatesAt({.months = 1, .days = 0}, moscow, At("2027-01-31T12:00:00+03:00")),
            At("2027-02-28T00:00:00+03:00"));
}

}  // namespace
}  // namespace passmint::programme
