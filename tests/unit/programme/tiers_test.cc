// Where a member stands; every day is worked out by hand beside it.

#include "programme/tiers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "programme/lifecycle.h"

namespace passmint::programme {
namespace {

using std::chrono::sys_days;

const calendar::TimeZone kMoscow = calendar::TimeZone::Find("Europe/Moscow").value();

sys_days Day(const std::string& text) { return sys_days(ParseDate(text).value()); }

// 5 % from 5,000.00, 10 % from 15,000.00.
Tiers Megaplan() {
  Tiers tiers;
  tiers.levels = {{.name = "none", .from = 0},
                  {.name = "five", .from = 500'000},
                  {.name = "ten", .from = 1'500'000}};
  return tiers;
}

Tiers Rolling(Tiers::Down down) {
  Tiers tiers = Megaplan();
  tiers.window = Tiers::Window::kRolling;
  tiers.rolling = {.months = 12, .days = 0};
  tiers.down = down;
  return tiers;
}

// "level metric" at noon of that day in Moscow, and when the level falls.
std::string At(const Tiers& tiers, const std::vector<DaySum>& history, const std::string& day) {
  const Standing standing =
      EffectiveTier(tiers, history, kMoscow, ParseRfc3339(day + "T12:00:00+03:00").value());
  std::string text = std::to_string(standing.level) + " " + std::to_string(standing.metric);
  if (standing.falls_at) {
    text += " until " + FormatRfc3339(*standing.falls_at, std::chrono::minutes(180));
  }
  return text;
}

TEST(TiersTest, G2_ThresholdsAreInclusiveToTheKopeck) {
  const Tiers tiers = Megaplan();
  EXPECT_EQ(LevelOf(tiers, 499'999), 0);
  EXPECT_EQ(LevelOf(tiers, 500'000), 1);
  EXPECT_EQ(LevelOf(tiers, 1'499'999), 1);
  EXPECT_EQ(LevelOf(tiers, 1'500'000), 2);
  EXPECT_EQ(LevelOf(tiers, -1), -1);
}

TEST(TiersTest, G14_SaysWhatIsMissingToTheKopeck) {
  const Tiers tiers = Megaplan();
  EXPECT_EQ(Next(tiers, 0, 499'999)->name, "five");
  EXPECT_EQ(Next(tiers, 0, 499'999)->missing, 1);
  EXPECT_EQ(Next(tiers, 1, 500'000)->missing, 1'000'000);
  EXPECT_FALSE(Next(tiers, 2, 1'500'000).has_value());
}

// "falls to N on DAY, changes on DAY" at noon of that day in Moscow.
std::string Ahead(const Tiers& tiers, const std::vector<DaySum>& history, const std::string& day) {
  const Standing standing =
      EffectiveTier(tiers, history, kMoscow, ParseRfc3339(day + "T12:00:00+03:00").value());
  const auto date = [](const std::optional<Timestamp>& at) {
    return at ? FormatDate(kMoscow.DayAt(*at)) : std::string("never");
  };
  return "falls to " + std::to_string(standing.falls_to) + " on " + date(standing.falls_at) +
         ", changes on " + date(standing.changes_at);
}

TEST(TiersTest, SaysWhereALevelFallsAndWhenTimeAloneChangesAnything) {
  const std::vector<DaySum> history{{Day("2026-01-10"), 1'500'000}, {Day("2026-02-10"), 500'000}};
  EXPECT_EQ(Ahead(Megaplan(), history, "2026-03-01"), "falls to -1 on never, changes on never");
  EXPECT_EQ(Ahead(Rolling(Tiers::Down::kStrict), history, "2026-03-01"),
            "falls to 1 on 2027-01-10, changes on 2027-01-10");
  EXPECT_EQ(Ahead(Rolling(Tiers::Down::kStrict), history, "2027-01-10"),
            "falls to 0 on 2027-02-10, changes on 2027-02-10");
  // What counts changes when the window moves on, the level after the grace of 30 days.
  EXPECT_EQ(Ahead(Rolling(Tiers::Down::kOne), history, "2026-03-01"),
            "falls to 1 on 2027-02-09, changes on 2027-01-10");
  EXPECT_EQ(Ahead(Rolling(Tiers::Down::kNever), history, "2026-03-01"),
            "falls to -1 on never, changes on 2027-01-10");
  EXPECT_EQ(Ahead(Rolling(Tiers::Down::kStrict), history, "2027-02-10"),
            "falls to -1 on never, changes on never");
}

TEST(LifecycleTest, E5_GoesByTheOrdersThatAreLeft) {
  std::string stages;
  for (const std::int64_t orders : {-1, 0, 1, 2, 3, 100}) {
    stages += std::string(ToText(LifecycleOf(orders))) + " ";
  }
  EXPECT_EQ(stages, "first_visit first_visit single repeat regular regular ");
}

TEST(TiersTest, B24_GrowsWithWhatWasSpentEver) {
  const std::vector<DaySum> history{{Day("2020-01-01"), 400'000}, {Day("2026-11-20"), 100'000}};
  EXPECT_EQ(At(Megaplan(), history, "2026-11-19"), "0 400000");
  EXPECT_EQ(At(Megaplan(), history, "2026-11-20"), "1 500000");
  EXPECT_EQ(At(Megaplan(), history, "2040-01-01"), "1 500000");
  EXPECT_EQ(At(Megaplan(), {}, "2026-11-20"), "0 0");
}

TEST(TiersTest, G4_ARefundLowersTheMetricAndThePolicyDecidesTheLevel) {
  // Up on the 1st, refunded on the 10th of November; 30 days later is the 10th of December.
  const std::vector<DaySum> history{{Day("2026-11-01"), 500'000}, {Day("2026-11-10"), -100'000}};
  Tiers tiers = Megaplan();
  EXPECT_EQ(At(tiers, history, "2026-11-10"), "1 400000 until 2026-12-10T00:00:00+03:00");
  EXPECT_EQ(At(tiers, history, "2026-12-09"), "1 400000 until 2026-12-10T00:00:00+03:00");
  EXPECT_EQ(At(tiers, history, "2026-12-10"), "0 400000");
  tiers.down = Tiers::Down::kStrict;
  EXPECT_EQ(At(tiers, history, "2026-11-09"), "1 500000");
  EXPECT_EQ(At(tiers, history, "2026-11-10"), "0 400000");
  tiers.down = Tiers::Down::kNever;
  EXPECT_EQ(At(tiers, history, "2036-11-10"), "1 400000");
}

TEST(TiersTest, ReachingTheLevelAgainInTheGraceTimeKeepsIt) {
  const std::vector<DaySum> history{
      {Day("2026-11-01"), 500'000}, {Day("2026-11-10"), -100'000}, {Day("2026-12-09"), 100'000}};
  EXPECT_EQ(At(Megaplan(), history, "2026-12-08"), "1 400000 until 2026-12-10T00:00:00+03:00");
  EXPECT_EQ(At(Megaplan(), history, "2026-12-10"), "1 500000");
}

TEST(TiersTest, FallsOneLevelAfterEachGraceTimeOrToTheMetricAtOnce) {
  // 15,000.00 leave the window of twelve months on 1 March 2026; 30 days later is 31 March, and 30
  // days after that 30 April.
  const std::vector<DaySum> history{{Day("2025-03-01"), 1'500'000}};
  const Tiers one = Rolling(Tiers::Down::kOne);
  EXPECT_EQ(At(one, history, "2025-03-01"), "2 1500000 until 2026-03-31T00:00:00+03:00");
  EXPECT_EQ(At(one, history, "2026-02-28"), "2 1500000 until 2026-03-31T00:00:00+03:00");
  EXPECT_EQ(At(one, history, "2026-03-01"), "2 0 until 2026-03-31T00:00:00+03:00");
  EXPECT_EQ(At(one, history, "2026-03-31"), "1 0 until 2026-04-30T00:00:00+03:00");
  EXPECT_EQ(At(one, history, "2026-04-30"), "0 0");
  const Tiers metric = Rolling(Tiers::Down::kToMetric);
  EXPECT_EQ(At(metric, history, "2026-03-30"), "2 0 until 2026-03-31T00:00:00+03:00");
  EXPECT_EQ(At(metric, history, "2026-03-31"), "0 0");
  const Tiers strict = Rolling(Tiers::Down::kStrict);
  EXPECT_EQ(At(strict, history, "2026-02-28"), "2 1500000 until 2026-03-01T00:00:00+03:00");
  EXPECT_EQ(At(strict, history, "2026-03-01"), "0 0");
}

TEST(TiersTest, WhatACalendarYearReachedHoldsThroughTheNext) {
  Tiers tiers = Megaplan();
  tiers.window = Tiers::Window::kCalendar;
  tiers.grace = {};
  const std::vector<DaySum> history{{Day("2025-06-01"), 500'000}, {Day("2026-02-01"), 300'000}};
  EXPECT_EQ(At(tiers, history, "2025-12-31"), "1 500000 until 2027-01-01T00:00:00+03:00");
  EXPECT_EQ(At(tiers, history, "2026-12-31"), "1 500000 until 2027-01-01T00:00:00+03:00");
  EXPECT_EQ(At(tiers, history, "2027-01-01"), "0 300000");
  EXPECT_EQ(At(tiers, history, "2028-01-01"), "0 0");
}

TEST(TiersTest, EdgeCase49ARollingWindowCountsDatesAndNotHours) {
  Tiers tiers = Megaplan();
  tiers.window = Tiers::Window::kRolling;
  tiers.rolling = {.months = 0, .days = 7};
  tiers.down = Tiers::Down::kStrict;
  // Berlin has 25 hours on 25 October 2026 and 23 on 28 March 2027.
  const calendar::TimeZone berlin = calendar::TimeZone::Find("Europe/Berlin").value();
  const auto level = [&](const char* bought, const char* at) {
    return EffectiveTier(tiers, {{Day(bought), 500'000}}, berlin, ParseRfc3339(at).value()).level;
  };
  EXPECT_EQ(level("2026-10-20", "2026-10-26T23:59:59+01:00"), 1);
  EXPECT_EQ(level("2026-10-20", "2026-10-27T00:00:00+01:00"), 0);
  EXPECT_EQ(level("2027-03-24", "2027-03-30T23:59:59+02:00"), 1);
  EXPECT_EQ(level("2027-03-24", "2027-03-31T00:00:00+02:00"), 0);
}

TEST(TiersTest, TheDayBeginsInTheProgrammesZone) {
  Tiers tiers = Rolling(Tiers::Down::kStrict);
  const std::vector<DaySum> history{{Day("2025-03-01"), 500'000}};
  const auto level = [&](const char* instant) {
    return EffectiveTier(tiers, history, kMoscow, ParseRfc3339(instant).value()).level;
  };
  EXPECT_EQ(level("2026-02-28T20:59:59.999999Z"), 1);
  EXPECT_EQ(level("2026-02-28T21:00:00Z"), 0);
}

TEST(TiersTest, ReadingOftenOrNeverMakesNoDifference) {
  // The level at the end does not depend on where one looked before: it is a function of history.
  std::vector<DaySum> history;
  for (int i = 0; i < 60; ++i) {
    history.push_back(
        {Day("2024-01-01") + std::chrono::days(17 * i), (i * 7919) % 90'000 - 10'000});
  }
  for (const auto down : {Tiers::Down::kOne, Tiers::Down::kToMetric, Tiers::Down::kStrict}) {
    const Tiers tiers = Rolling(down);
    for (int day = 0; day < 1500; day += 7) {
      const sys_days now = Day("2024-01-01") + std::chrono::days(day);
      std::vector<DaySum> known;
      for (const DaySum& sum : history) {
        if (sum.day <= now) known.push_back(sum);
      }
      const Timestamp noon = Timestamp(now) + std::chrono::hours(9);
      EXPECT_EQ(EffectiveTier(tiers, history, kMoscow, noon),
                EffectiveTier(tiers, known, kMoscow, noon));
    }
  }
}

// What the window counts on that day, by the words of the contract: entry by entry.
std::int64_t CountedOn(const Tiers& tiers, const std::vector<DaySum>& history, sys_days day) {
  std::int64_t sum = 0;
  std::int64_t before = 0;
  const sys_days begins = FirstDayOf(day, tiers.calendar);
  const sys_days earlier = FirstDayOf(begins - std::chrono::days(1), tiers.calendar);
  for (const DaySum& entry : history) {
    const bool calendar = tiers.window == Tiers::Window::kCalendar;
    const bool left = tiers.window == Tiers::Window::kRolling &&
                      Later(std::chrono::year_month_day(entry.day), tiers.rolling) <= day;
    if (entry.day > day || left) continue;
    if (!calendar || entry.day >= begins) sum += entry.sum;
    if (calendar && entry.day >= earlier && entry.day < begins) before += entry.sum;
  }
  return tiers.window == Tiers::Window::kCalendar ? std::max(sum, before) : sum;
}

TEST(TiersTest, TheMetricOfEveryDayIsWhatItsWindowCounts) {
  std::vector<DaySum> history;
  history.reserve(80);
  for (int i = 0; i < 80; ++i) {
    history.push_back(
        {Day("2023-11-30") + std::chrono::days((i * i * 7) % 11 + 12 * i), (i * 7919) % 90'000});
    if (i % 9 == 0) history.back().sum = -20'000;
  }
  const Timestamp noon = Timestamp(Day("2023-11-30")) + std::chrono::hours(9);
  for (const auto window :
       {Tiers::Window::kLifetime, Tiers::Window::kCalendar, Tiers::Window::kRolling}) {
    for (const auto unit : {RoundTo::kMonth, RoundTo::kQuarter, RoundTo::kYear}) {
      Tiers tiers = Rolling(Tiers::Down::kStrict);
      tiers.window = window;
      tiers.calendar = unit;
      tiers.rolling = {.months = unit == RoundTo::kMonth ? 1 : 6, .days = 0};
      for (int day = 0; day < 1600; ++day) {
        const auto later = std::chrono::days(day);
        const Standing standing = EffectiveTier(tiers, history, kMoscow, noon + later);
        ASSERT_EQ(standing.metric, CountedOn(tiers, history, Day("2023-11-30") + later)) << day;
        ASSERT_EQ(standing.level, LevelOf(tiers, standing.metric)) << "strict follows the metric";
      }
    }
  }
}

TEST(TiersTest, AHistoryOfAHundredThousandDaysIsReadInOnePass) {
  std::vector<DaySum> history;
  history.reserve(100'000);
  for (int day = 0; day < 100'000; ++day) {
    history.push_back({Day("1900-01-01") + std::chrono::days(day), 1});
  }
  for (const auto window :
       {Tiers::Window::kLifetime, Tiers::Window::kCalendar, Tiers::Window::kRolling}) {
    Tiers tiers = Rolling(Tiers::Down::kOne);
    tiers.window = window;
    EXPECT_EQ(At(tiers, history, "2100-03-01"),
              window == Tiers::Window::kLifetime ? "0 73109" : "0 365");
  }
}

TEST(TiersTest, G3_AnOrderThatCrossesIsRatedBeforeAfterOrByParts) {
  Tiers tiers = Megaplan();
  const auto parts = [&tiers](std::int64_t metric, std::int64_t amount) {
    std::string text;
    const TierFacts before{.level = LevelOf(tiers, metric), .metric = metric};
    for (const RatedPart& part : RatedParts(tiers, before, amount)) {
      text += std::to_string(part.level) + ":" + std::to_string(part.amount) + " ";
    }
    return text;
  };
  EXPECT_EQ(parts(400'000, 200'000), "0:200000 ");
  tiers.rate_basis = Tiers::RateBasis::kAfter;
  EXPECT_EQ(parts(400'000, 200'000), "1:200000 ");
  EXPECT_EQ(parts(400'000, 99'999), "0:99999 ");
  tiers.rate_basis = Tiers::RateBasis::kSplit;
  EXPECT_EQ(parts(400'000, 200'000), "0:100000 1:100000 ");
  EXPECT_EQ(parts(400'000, 100'000), "0:100000 ");
  EXPECT_EQ(parts(0, 2'000'000), "0:500000 1:1000000 2:500000 ");
  EXPECT_EQ(parts(400'000, 0), "0:0 ");
  // A level that was kept by grace, though the metric no longer reaches it, rates what lies below.
  EXPECT_EQ(RatedParts(tiers, {.level = 1, .metric = 100'000}, 200'000).front().level, 1);
}

}  // namespace
}  // namespace passmint::programme
