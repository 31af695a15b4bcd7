#include "programme/tiers.h"

#include <algorithm>
#include <set>
#include <span>

namespace passmint::programme {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

// The metric as the tiers' window counts it, on any day.
class Metric {
 public:
  Metric(const Tiers& tiers, std::span<const DaySum> history) : tiers_(tiers), history_(history) {}

  std::int64_t On(sys_days day) const {
    switch (tiers_.window) {
      case Tiers::Window::kLifetime:
        break;
      case Tiers::Window::kCalendar: {
        const sys_days begins = FirstDayOf(day, tiers_.calendar);
        const sys_days before = FirstDayOf(begins - days(1), tiers_.calendar);
        return std::max(Sum(before, begins - days(1)), Sum(begins, day));
      }
      case Tiers::Window::kRolling: {
        std::int64_t sum = 0;
        for (const DaySum& entry : history_) {
          if (entry.day <= day && Leaves(entry.day) > day) sum += entry.sum;
        }
        return sum;
      }
    }
    return Sum(sys_days::min(), day);
  }

  // The days on which it may change: those with orders and those on which orders leave the window.
  std::vector<sys_days> Changes() const {
    std::set<sys_days> found;
    for (const DaySum& entry : history_) {
      found.insert(entry.day);
      if (tiers_.window == Tiers::Window::kRolling) found.insert(Leaves(entry.day));
      if (tiers_.window == Tiers::Window::kCalendar) {
        const sys_days next = LastDayOf(entry.day, tiers_.calendar) + days(1);
        found.insert(next);
        found.insert(LastDayOf(next, tiers_.calendar) + days(1));
      }
    }
    return {found.begin(), found.end()};
  }

 private:
  sys_days Leaves(sys_days day) const { return Later(year_month_day(day), tiers_.rolling); }

  std::int64_t Sum(sys_days from, sys_days to) const {
    std::int64_t sum = 0;
    for (const DaySum& entry : history_) {
      if (entry.day >= from && entry.day <= to) sum += entry.sum;
    }
    return sum;
  }

  const Tiers& tiers_;
  std::span<const DaySum> history_;
};

// A level as days go by. Between two changes of the metric only the grace time can end.
class Walk {
 public:
  explicit Walk(const Tiers& tiers) : tiers_(tiers) {}

  // The metric reaches `reached` from that day on.
  void Turn(sys_days day, int reached) {
    FallUntil(day);
    if (reached >= level_) {
      level_ = reached;
      is_short_ = false;
    } else if (tiers_.down == Tiers::Down::kStrict) {
      level_ = reached;
    } else if (!is_short_) {
      is_short_ = true;
      short_since_ = day;
    }
    reached_ = reached;
    FallUntil(day);
  }

  // Applies the falls that are due on that day or before.
  void FallUntil(sys_days day) {
    while (const auto due = FallsOn()) {
      if (*due > day) return;
      level_ = tiers_.down == Tiers::Down::kOne ? level_ - 1 : reached_;
      is_short_ = level_ > reached_;
      short_since_ = *due;
    }
  }

  std::optional<sys_days> FallsOn() const {
    if (!is_short_ || tiers_.down == Tiers::Down::kNever) return std::nullopt;
    return Later(year_month_day(short_since_), tiers_.grace);
  }

  int level() const { return level_; }

 private:
  const Tiers& tiers_;
  int level_ = -1;
  int reached_ = -1;
  // Whether the metric does not reach the level, and since when. Not an optional: g++ 12 calls the
  // copy of an empty one uninitialised.
  bool is_short_ = false;
  sys_days short_since_{};
};

}  // namespace

int LevelOf(const Tiers& tiers, std::int64_t metric) {
  int level = -1;
  for (const Level& candidate : tiers.levels) {
    if (metric < candidate.from) break;
    ++level;
  }
  return level;
}

Standing EffectiveTier(const Tiers& tiers, const std::vector<DaySum>& history,
                       const calendar::TimeZone& zone, Timestamp now) {
  const sys_days today(zone.DayAt(now));
  // Days behind `now` are nobody's knowledge yet.
  const auto known = std::find_if(history.begin(), history.end(),
                                  [today](const DaySum& entry) { return entry.day > today; });
  const Metric metric(tiers, std::span<const DaySum>(history.begin(), known));
  Walk walk(tiers);
  walk.Turn(history.empty() ? today : std::min(history.front().day, today), LevelOf(tiers, 0));
  const std::vector<sys_days> changes = metric.Changes();
  auto change = changes.begin();
  for (; change != changes.end() && *change <= today; ++change) {
    walk.Turn(*change, LevelOf(tiers, metric.On(*change)));
  }
  walk.FallUntil(today);
  Standing standing{.level = walk.level(), .metric = metric.On(today), .falls_at = std::nullopt};
  // And if nothing is bought any more?
  Walk future = walk;
  for (; change != changes.end() && future.level() == walk.level(); ++change) {
    if (const auto due = future.FallsOn(); due && *due <= *change) break;
    future.Turn(*change, LevelOf(tiers, metric.On(*change)));
    if (future.level() < walk.level()) standing.falls_at = zone.StartOf(year_month_day(*change));
  }
  if (const auto due = future.FallsOn(); due && future.level() == walk.level()) {
    standing.falls_at = zone.StartOf(year_month_day(*due));
  }
  return standing;
}

std::optional<NextLevel> Next(const Tiers& tiers, int level, std::int64_t metric) {
  const std::size_t next = static_cast<std::size_t>(level) + 1;
  if (next >= tiers.levels.size()) return std::nullopt;
  const Level& above = tiers.levels[next];
  return NextLevel{.name = above.name, .missing = std::max<std::int64_t>(1, above.from - metric)};
}

std::vector<RatedPart> RatedParts(const Tiers& tiers, const TierFacts& before,
                                  std::int64_t amount) {
  const bool grows = tiers.metric == Tiers::Metric::kNetSpend;
  const std::int64_t after = before.metric + (grows ? amount : 0);
  if (tiers.rate_basis == Tiers::RateBasis::kBefore || after == before.metric) {
    return {{before.level, amount}};
  }
  if (tiers.rate_basis == Tiers::RateBasis::kAfter) {
    return {{std::max(before.level, LevelOf(tiers, after)), amount}};
  }
  std::vector<RatedPart> parts;
  std::int64_t at = before.metric;
  for (int level = before.level; at < after; ++level) {
    const std::size_t next = static_cast<std::size_t>(level) + 1;
    const bool top = next >= tiers.levels.size();
    const std::int64_t until = top ? after : std::min(after, tiers.levels[next].from);
    if (until > at) parts.push_back({level, until - at});
    at = std::max(at, until);
  }
  return parts;
}

}  // namespace passmint::programme
