#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "programme/facts.h"
#include "programme/period.h"

namespace passmint::programme {

// A level that members reach. `from` is inclusive.
struct Level {
  std::string name;
  std::int64_t from = 0;           // Minor units, points or orders, as the metric counts.
  std::int64_t ppm = 0;            // What rules with "rate": "tier" or "card" earn by.
  std::int64_t discount_ppm = 0;   // What discounts with such a rate take off.
  std::string template_name = {};  // A design of its own; empty: as before.
};

struct Tiers {
  enum class Metric { kNetSpend, kPoints, kOrders };
  // Which orders count. In a calendar window what was reached in one year, quarter or month also
  // holds through the next one.
  enum class Window { kLifetime, kCalendar, kRolling };
  // What an order that crosses a threshold earns by: the level before it, the level after it, or
  // each part of the order by its own. After and split need kNetSpend.
  enum class RateBasis { kBefore, kAfter, kSplit };
  // When the metric no longer reaches the level: never lose it; after the grace time fall by one
  // level, and by one more after another; after the grace time fall to what the metric says; or at
  // once (strict), so that a refund undoes the upgrade that it paid for.
  enum class Down { kNever, kOne, kToMetric, kStrict };

  Metric metric = Metric::kNetSpend;
  Window window = Window::kLifetime;
  RoundTo calendar = RoundTo::kYear;  // Of kCalendar.
  Period rolling = {};                // Of kRolling.
  RateBasis rate_basis = RateBasis::kBefore;
  Down down = Down::kOne;
  Period grace = {.months = 0, .days = 30};
  std::vector<Level> levels = {};  // By rising `from`. Empty: the programme has no tiers.
};

// What one day of a member adds to the metric; refunds make it smaller, also below zero. On the day
// of the refund, not of the order.
struct DaySum {
  std::chrono::sys_days day;  // In the programme's zone.
  std::int64_t sum = 0;
};

// Where a member stands.
struct Standing {
  int level = -1;           // Index into the levels; -1: below the first.
  std::int64_t metric = 0;  // What counts now.
  // The instant at which the level falls if nothing happens before; nothing: it stays.
  std::optional<Timestamp> falls_at;
  int falls_to = -1;  // With falls_at: the level below.
  // When time alone changes the level or the metric next; nothing: never.
  std::optional<Timestamp> changes_at = {};
  friend bool operator==(const Standing&, const Standing&) = default;
};

// The tier at `now`, by what happened and the calendar alone: no job has to have run, and reading
// it often or never makes no difference. Up at once, on the day that crosses; down as the policy
// says, at the start of a day. `history` is sorted by day, one entry a day at most; days behind
// `now` are not looked at. A kRolling window needs the days of the window and of all the time since
// the level may have been reached; whoever cuts older days off starts the count with their sum at
// the cut.
Standing EffectiveTier(const Tiers& tiers, const std::vector<DaySum>& history,
                       const calendar::TimeZone& zone, Timestamp now);

// The highest level that so much reaches; -1: none.
int LevelOf(const Tiers& tiers, std::int64_t metric);

struct NextLevel {
  std::string name;
  std::int64_t missing = 0;  // > 0.
};

// The level above `level` and what is missing to it: to the kopeck. Nothing at the top.
std::optional<NextLevel> Next(const Tiers& tiers, int level, std::int64_t metric);

// A part of an order and the level that rates it.
struct RatedPart {
  int level = -1;
  std::int64_t amount = 0;
};

// By which levels an order of `amount` is rated: one part, or several with kSplit. Parts of nothing
// are left out; at least one part.
std::vector<RatedPart> RatedParts(const Tiers& tiers, const TierFacts& before, std::int64_t amount);

}  // namespace passmint::programme
