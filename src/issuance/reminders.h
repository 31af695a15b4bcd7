#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/rules.h"

// What a programme tells its members by itself. What somebody was told of last stands in their
// attribute "reminder", so that a template shows it as {{attributes.reminder}}, a change text of
// the field announces it, and it goes with their other data.

namespace passmint::issuance {

inline constexpr const char* kReminderAttribute = "reminder";

struct Reminder {
  std::string occurrence;  // Told once for (member, message, occurrence).
  std::string text;        // In the member's language.
};

struct ReminderRequest {
  const programme::RuleSet& rules;
  const programme::Message& message;
  const cards::Member& member;  // Alive.
  Timestamp at;                 // The day in the programme's zone is looked at.
};

// What there is to tell on that day, if it was not told before:
//   expiring       points that are over within the message's time, the first day of them; once for
//                  each such day
//   unspent        points, and for the message's time neither earned nor spent; once after each
//                  time that they did
//   next_purchase  the member's median time between two purchases (of three at least) and the
//                  message's time have passed since the last one; once after each purchase
//   tier_falling   a level that falls within the message's time if nothing happens before; once for
//                  each such day
//   birthday       within the message's time; once a year
// In the text {points} stands for how many, {date} for the day, {level} for the level below. Fails
// as the store.
Result<std::optional<Reminder>> ReminderFor(Transaction& transaction,
                                            const ProgrammeSite& programme,
                                            const calendar::TimeZone& zone,
                                            const ReminderRequest& request);

// Tells it, if there is something: every card of the member shows it, so it is a change of which
// phones learn. True if it was told. A member who has as many attributes as there may be is not
// told. Fails likewise.
Result<bool> Remind(Transaction& transaction, const ProgrammeSite& programme,
                    const calendar::TimeZone& zone, const ReminderRequest& request);

}  // namespace passmint::issuance
