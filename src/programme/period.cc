#include "programme/period.h"

namespace passmint::programme {
namespace {

// Years beyond this are a mistake, not a promise.
constexpr int kPeriodCountMax = 1200;

unsigned MonthsOf(RoundTo unit) {
  return unit == RoundTo::kMonth ? 1 : unit == RoundTo::kQuarter ? 3 : 12;
}

std::chrono::year_month_day Clamp(std::chrono::year_month month, std::chrono::day day) {
  const std::chrono::year_month_day wanted = month / day;
  return wanted.ok() ? wanted : std::chrono::year_month_day(month / std::chrono::last);
}

}  // namespace

std::optional<Period> ReadPeriod(std::string_view text) {
  if (text.size() < 3 || text.front() != 'P') return std::nullopt;
  Period period;
  int count = -1;
  for (const char c : text.substr(1)) {
    if (c >= '0' && c <= '9') {
      count = (count < 0 ? 0 : count) * 10 + (c - '0');
      if (count > kPeriodCountMax) return std::nullopt;
      continue;
    }
    if (count < 0) return std::nullopt;
    if (c == 'Y') {
      period.months += 12 * count;
    } else if (c == 'M') {
      period.months += count;
    } else if (c == 'W') {
      period.days += 7 * count;
    } else if (c == 'D') {
      period.days += count;
    } else {
      return std::nullopt;
    }
    count = -1;
  }
  if (count >= 0) return std::nullopt;
  return period;
}

std::chrono::sys_days Later(std::chrono::year_month_day day, const Period& period) {
  const auto month = day.year() / day.month() + std::chrono::months(period.months);
  return std::chrono::sys_days(Clamp(month, day.day())) + std::chrono::days(period.days);
}

bool LivesToActivate(const Period& activation, const Period& life) {
  constexpr int kShortestMonth = 28;
  constexpr int kLongestMonth = 31;
  return (life.months >= activation.months && life.days >= activation.days) ||
         life.months * kShortestMonth + life.days >=
             activation.months * kLongestMonth + activation.days;
}

std::chrono::sys_days LastDayOf(std::chrono::sys_days within, RoundTo unit) {
  if (unit == RoundTo::kDay) return within;
  const std::chrono::year_month_day day(within);
  const unsigned length = MonthsOf(unit);
  const unsigned month = (static_cast<unsigned>(day.month()) + length - 1) / length * length;
  return std::chrono::sys_days(day.year() / std::chrono::month(month) / std::chrono::last);
}

std::chrono::sys_days FirstDayOf(std::chrono::sys_days within, RoundTo unit) {
  if (unit == RoundTo::kDay) return within;
  const std::chrono::year_month_day day(within);
  const unsigned length = MonthsOf(unit);
  const unsigned month = (static_cast<unsigned>(day.month()) - 1) / length * length + 1;
  return std::chrono::sys_days(day.year() / std::chrono::month(month) / 1);
}

Timestamp ExpiresAt(const Expiry& expiry, const calendar::TimeZone& zone, Timestamp earned_at) {
  if (expiry.never) return ledger::kNever;
  const auto last = LastDayOf(Later(zone.DayAt(earned_at), expiry.after), expiry.round_to);
  return zone.StartOf(std::chrono::year_month_day(last + std::chrono::days(1)));
}

std::optional<ledger::SlidingTerm> TermOf(const Expiry& expiry) {
  if (expiry.never || !expiry.sliding) return std::nullopt;
  return ledger::SlidingTerm{.months = expiry.after.months,
                             .days = expiry.after.days,
                             .end = static_cast<ledger::SlidingTerm::End>(expiry.round_to)};
}

Timestamp ExpiresAfterActivity(const ledger::SlidingTerm& term, const calendar::TimeZone& zone,
                               Timestamp active_at) {
  const Expiry expiry{.never = false,
                      .after = {.months = term.months, .days = term.days},
                      .round_to = static_cast<RoundTo>(term.end)};
  return ExpiresAt(expiry, zone, active_at);
}

Timestamp ActivatesAt(const Period& period, const calendar::TimeZone& zone, Timestamp earned_at) {
  if (period == Period{}) return earned_at;
  return zone.StartOf(std::chrono::year_month_day(Later(zone.DayAt(earned_at), period)));
}

}  // namespace passmint::programme
