#pragma once

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "programme/rules.h"

namespace passmint::programme {

// One time that an occasion of the rules falls due, for all whom it concerns: everybody on a
// holiday; on a birthday those who were born on one day of the year and live in one zone.
struct DueOccasion {
  Timestamp due;  // The programme's hour of the day, `days_before` the occasion, in the zone.
  std::string rule;
  std::string zone = {};   // Of birthdays: a member's own zone; empty: the programme's.
  std::string occurrence;  // "2026": the year of the day that is celebrated.
  std::string born = {};   // Of birthdays: "02-28".

  friend bool operator==(const DueOccasion&, const DueOccasion&) = default;
  // By time. No two of a programme are equal, also where a skipped day makes two fall due at once.
  friend bool operator<(const DueOccasion& a, const DueOccasion& b) {
    return std::tie(a.due, a.rule, a.zone, a.occurrence, a.born) <
           std::tie(b.due, b.rule, b.zone, b.occurrence, b.born);
  }
};

// A zone that members have, by the name that they have it by ("": the programme's).
struct NamedZone {
  std::string name;
  calendar::TimeZone zone;
};

// Everything that falls due from `from` until just before `until`, sorted. Those born on 29
// February are in a common year due when RuleSet::leap_birthday says. The first of `zones` is the
// programme's own. REQUIRES: at least one zone.
std::vector<DueOccasion> DueOccasions(const RuleSet& rules, const std::vector<NamedZone>& zones,
                                      Timestamp from, Timestamp until);

}  // namespace passmint::programme
