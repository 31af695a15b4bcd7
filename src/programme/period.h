#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "ledger/lot.h"

namespace passmint::programme {

// Calendar time, as "P12M" or "P14D" says it (ISO 8601 durations of whole years, months, weeks or
// days).
struct Period {
  int months = 0;
  int days = 0;
  friend bool operator==(const Period&, const Period&) = default;
};

// "P1Y", "P12M", "P2W", "P14D", "P1Y6M", each number at most 1200. Nothing if it is none of these.
std::optional<Period> ReadPeriod(std::string_view text);

// The day that lies so far behind: months first, a day that the month lacks becomes its last, then
// days.
std::chrono::sys_days Later(std::chrono::year_month_day day, const Period& period);

// Whether everything that lives for `life` lives longer than `activation` or as long, whatever
// months they span.
bool LivesToActivate(const Period& activation, const Period& life);

enum class RoundTo { kDay, kMonth, kQuarter, kYear };  // As ledger::SlidingTerm::End.

// The last day of the month, quarter or year that holds that day.
std::chrono::sys_days LastDayOf(std::chrono::sys_days within, RoundTo unit);

// The first day of it.
std::chrono::sys_days FirstDayOf(std::chrono::sys_days within, RoundTo unit);

// How long points live: until the end of the day that lies `after` behind the day of earning, or of
// the month, quarter or year that holds it. A day that the month lacks becomes its last.
struct Expiry {
  bool never = true;
  Period after;
  RoundTo round_to = RoundTo::kDay;
  // Each activity of the member starts `after` again: a purchase, points spent, a reward claimed,
  // an action granted; not refunds, gifts, adjustments, imports, transfers, merges.
  bool sliding = false;
};

// The first instant at which points earned at `earned_at` are worth nothing.
Timestamp ExpiresAt(const Expiry& expiry, const calendar::TimeZone& zone, Timestamp earned_at);

// The term that lots of such points carry; nothing unless it slides.
std::optional<ledger::SlidingTerm> TermOf(const Expiry& expiry);

// The first instant at which points of that term are worth nothing, once the member was active at
// `active_at`: what they would be if they had been earned then. The ledger sees to it that they end
// no earlier than they would have, and that points that are over stay over (ledger::Slide).
Timestamp ExpiresAfterActivity(const ledger::SlidingTerm& term, const calendar::TimeZone& zone,
                               Timestamp active_at);

// The start of the day that lies `period` behind that of `earned_at`; `earned_at` itself if the
// period is nothing.
Timestamp ActivatesAt(const Period& period, const calendar::TimeZone& zone, Timestamp earned_at);

}  // namespace passmint::programme
