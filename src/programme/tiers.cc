#include "programme/tiers.h"

#include <algorithm>
#include <span>
#include <utility>

namespace passmint::programme {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

// The metric from that day on.
struct Change {
  sys_days day;
  std::int64_t metric = 0;
};

// Days in rising order; the last word of a day stands.
void Put(sys_days day, std::int64_t metric, std::vector<Change>& changes) {
  if (!changes.empty() && changes.back().day == day) changes.pop_back();
  changes.push_back({day, metric});
}

std::vector<Change> OfLifetime(std::span<const DaySum> history) {
  std::vector<Change> changes;
  std::int64_t sum = 0;
  for (const DaySum& entry : history) {
    sum += entry.sum;
    Put(entry.day, sum, changes);
  }
  return changes;
}

// What was bought comes in on its day and leaves the window in the same order.
std::vector<Change> OfRollingWindow(std::span<const DaySum> history, const Period& window) {
  std::vector<Change> changes;
  std::int64_t sum = 0;
  auto comes = history.begin();
  for (const DaySum& leaving : history) {
    const sys_days leaves = Later(year_month_day(leaving.day), window);
    for (; comes != history.end() && comes->day <= leaves; ++comes) {
      sum += comes->sum;
      Put(comes->day, sum, changes);
    }
    sum -= leaving.sum;
    Put(leaves, sum, changes);
  }
  return changes;
}

// The better of this period and all of the one before.
class CalendarSums {
 public:
  explicit CalendarSums(RoundTo unit) : unit_(unit) {}

  void Add(const DaySum& entry) {
    TurnUntil(entry.day);
    begins_ = FirstDayOf(entry.day, unit_);
    current_ += entry.sum;
    Put(entry.day, std::max(before_, current_), changes_);
  }

  // With the two turns after which nothing counts any more.
  std::vector<Change> Finish() && {
    TurnUntil(sys_days::max());
    return std::move(changes_);
  }

 private:
  void TurnUntil(sys_days day) {
    while (before_ != 0 || current_ != 0) {
      const sys_days next = LastDayOf(begins_, unit_) + days(1);
      if (next > day) return;
      begins_ = next;
      before_ = current_;
      current_ = 0;
      Put(begins_, std::max(before_, current_), changes_);
    }
  }

  RoundTo unit_;
  sys_days begins_{};
  std::int64_t before_ = 0;
  std::int64_t current_ = 0;
  std::vector<Change> changes_;
};

// When the metric changes, also in days to come if nothing else is bought.
std::vector<Change> ChangesOf(const Tiers& tiers, std::span<const DaySum> history) {
  if (tiers.window == Tiers::Window::kLifetime) return OfLifetime(history);
  if (tiers.window == Tiers::Window::kRolling) return OfRollingWindow(history, tiers.rolling);
  CalendarSums sums(tiers.calendar);
  for (const DaySum& entry : history) sums.Add(entry);
  return std::move(sums).Finish();
}

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
  const std::vector<Change> changes =
      ChangesOf(tiers, std::span<const DaySum>(history.begin(), known));
  Walk walk(tiers);
  walk.Turn(history.empty() ? today : std::min(history.front().day, today), LevelOf(tiers, 0));
  std::int64_t metric = 0;
  auto change = changes.begin();
  for (; change != changes.end() && change->day <= today; ++change) {
    metric = change->metric;
    walk.Turn(change->day, LevelOf(tiers, metric));
  }
  walk.FallUntil(today);
  Standing standing{.level = walk.level(), .metric = metric, .falls_at = std::nullopt};
  const auto turn = std::find_if(change, changes.end(),
                                 [metric](const Change& next) { return next.metric != metric; });
  if (turn != changes.end()) standing.changes_at = zone.StartOf(year_month_day(turn->day));
  // And if nothing is bought any more?
  Walk future = walk;
  for (; change != changes.end() && future.level() == walk.level(); ++change) {
    if (const auto due = future.FallsOn(); due && *due <= change->day) break;
    future.Turn(change->day, LevelOf(tiers, change->metric));
    if (future.level() < walk.level()) {
      standing.falls_at = zone.StartOf(year_month_day(change->day));
    }
  }
  if (const auto due = future.FallsOn(); due && future.level() == walk.level()) {
    standing.falls_at = zone.StartOf(year_month_day(*due));
    future.FallUntil(*due);
  }
  if (!standing.falls_at) return standing;
  standing.falls_to = future.level();
  standing.changes_at =
      std::min(*standing.falls_at, standing.changes_at.value_or(*standing.falls_at));
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
