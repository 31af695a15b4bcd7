#include "programme/due_occasions.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

namespace passmint::programme {
namespace {

using std::chrono::days;
using std::chrono::hours;

Timestamp At(const char* text) { return ParseRfc3339(text).value(); }

calendar::TimeZone Zone(const std::string& name) { return calendar::TimeZone::Find(name).value(); }

Award On(const std::string& id, const std::string& occasion, int days_before = 0) {
  Award award;
  award.id = id;
  award.points = 100;
  award.occasion = occasion;
  award.days_before = days_before;
  return award;
}

std::string Told(const DueOccasion& one) {
  return one.rule + " " + one.occurrence + (one.born.empty() ? "" : " " + one.born) + " " +
         FormatRfc3339(one.due);
}

TEST(DueOccasionsTest, NewYearFallsDueOnceAYearAtTheProgrammesHour) {
  RuleSet rules;
  rules.calendar_hour = 9;
  rules.holidays = {{.id = "new_year", .every_year = std::chrono::January / 1}};
  rules.occasions = {On("ny", "new_year")};
  const auto due = DueOccasions(rules, {{"", Zone("Europe/Moscow")}}, At("2026-06-01T00:00:00Z"),
                                At("2028-06-01T00:00:00Z"));
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(Told(due[0]), "ny 2027 2027-01-01T06:00:00Z");
  EXPECT_EQ(Told(due[1]), "ny 2028 2028-01-01T06:00:00Z");
}

TEST(DueOccasionsTest, ADayAheadOfNewYearBelongsToTheYearThatComes) {
  RuleSet rules;
  rules.calendar_hour = 0;
  rules.holidays = {{.id = "new_year", .every_year = std::chrono::January / 1}};
  rules.occasions = {On("ny", "new_year", 1)};
  const auto due = DueOccasions(rules, {{"", Zone("UTC")}}, At("2026-06-01T00:00:00Z"),
                                At("2027-06-01T00:00:00Z"));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(Told(due[0]), "ny 2027 2026-12-31T00:00:00Z");
}

TEST(DueOccasionsTest, ThoseBornOnLeapDayHaveTheirDayInEveryYear) {
  for (const LeapBirthday leap : {LeapBirthday::kFeb28, LeapBirthday::kMar01}) {
    RuleSet rules;
    rules.calendar_hour = 9;
    rules.leap_birthday = leap;
    rules.occasions = {On("bd", "birthday")};
    std::vector<std::string> found;
    for (const DueOccasion& one : DueOccasions(
             rules, {{"", Zone("UTC")}}, At("2027-01-01T00:00:00Z"), At("2029-01-01T00:00:00Z"))) {
      if (one.born == "02-29") found.push_back(Told(one));
    }
    const std::string common = leap == LeapBirthday::kFeb28 ? "02-28" : "03-01";
    EXPECT_EQ(found, (std::vector<std::string>{"bd 2027 02-29 2027-" + common + "T09:00:00Z",
                                               "bd 2028 02-29 2028-02-29T09:00:00Z"}));
  }
}

TEST(DueOccasionsTest, ADayThatTheZoneSkippedIsDueWithTheNextOneAndNeitherIsLost) {
  RuleSet rules;
  rules.calendar_hour = 0;
  rules.occasions = {On("bd", "birthday")};
  std::vector<std::string> found;
  for (const DueOccasion& one :
       DueOccasions(rules, {{"", Zone("Pacific/Apia")}}, At("2011-12-29T11:00:00Z"),
                    At("2011-12-31T11:00:00Z"))) {
    found.push_back(Told(one));
  }
  EXPECT_EQ(found, (std::vector<std::string>{"bd 2011 12-30 2011-12-30T10:00:00Z",
                                             "bd 2011 12-31 2011-12-30T10:00:00Z",
                                             "bd 2012 01-01 2011-12-31T10:00:00Z"}));
}

TEST(DueOccasionsTest, AMembersOwnZoneHasItsOwnBirthdays) {
  RuleSet rules;
  rules.calendar_hour = 9;
  rules.occasions = {On("bd", "birthday")};
  const std::vector<NamedZone> zones = {{"", Zone("Europe/Moscow")},
                                        {"Asia/Vladivostok", Zone("Asia/Vladivostok")}};
  std::map<std::string, Timestamp> due;
  for (const DueOccasion& one :
       DueOccasions(rules, zones, At("2026-05-08T00:00:00Z"), At("2026-05-11T00:00:00Z"))) {
    if (one.born == "05-09") due[one.zone] = one.due;
  }
  EXPECT_EQ(due[""], At("2026-05-09T06:00:00Z"));
  EXPECT_EQ(due["Asia/Vladivostok"], At("2026-05-08T23:00:00Z"));
}

// Each day's birthdays of ten years, found in stretches of whatever length, in zones with daylight
// saving, half hours, skipped days and none of these.
TEST(DueOccasionsTest, A2_EveryBirthdayAndHolidayOfTenYearsComesOnceInEachOfFiveZones) {
  RuleSet rules;
  rules.holidays = {{.id = "new_year", .every_year = std::chrono::January / 1},
                    {.id = "leap", .every_year = std::chrono::February / 29}};
  rules.occasions = {On("bd", "birthday", 3), On("ny", "new_year"), On("leap", "leap")};
  for (const char* name :
       {"Europe/Moscow", "America/New_York", "Pacific/Apia", "Asia/Kolkata", "Africa/Cairo"}) {
    for (const int hour : {0, 2, 9}) {
      rules.calendar_hour = hour;
      const calendar::TimeZone zone = Zone(name);
      const Timestamp start = zone.StartOf(std::chrono::year(2009) / 1 / 10);
      const Timestamp until = zone.StartOf(std::chrono::year(2019) / 1 / 10);
      std::set<std::pair<std::string, std::string>> birthdays;
      int holidays = 0;
      int stretch = 1;
      std::optional<DueOccasion> last;
      for (Timestamp from = start; from < until;
           from += hours(7 * stretch), stretch = stretch % 11 + 1) {
        for (const DueOccasion& one :
             DueOccasions(rules, {{"", zone}}, from, std::min(until, from + hours(7 * stretch)))) {
          ASSERT_FALSE(last && !(*last < one)) << Told(one);
          last = one;
          holidays += one.born.empty() ? 1 : 0;
          if (one.born.empty()) continue;
          ASSERT_TRUE(birthdays.emplace(one.occurrence, one.born).second) << Told(one);
        }
      }
      EXPECT_EQ(birthdays.size(), 10U * 366U) << name << " at " << hour;
      EXPECT_EQ(holidays, 10 + 2) << name << " at " << hour;
    }
  }
}

}  // namespace
}  // namespace passmint::programme
