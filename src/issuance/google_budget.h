#pragma once

#include <chrono>
#include <vector>

#include "base/timestamp.h"
#include "issuance/google_tables.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// What Google lets us do, and what of it we do.

// Google's limit is 20 requests a second
// (https://developers.google.com/wallet/generic/resources/faq). Ours is 15 at an even pace, and
// bursts of 5: 20 in the worst second. The burst is for customers who wait, who so have a third
// more than an even share at any moment and go before everything else.
inline constexpr RequestPace kGooglePace{.interval = std::chrono::microseconds(66'667), .burst = 5};
inline constexpr int kReservedForClicks = 4;

// A message follows its patch at once, so it may overdraw what rounds may take by as much.
inline constexpr RequestPace kMessagePace{.interval = kGooglePace.interval,
                                          .burst = kGooglePace.burst + 1};

// Requests of a batch count one by one.
inline constexpr int kGoogleBatch = 5;

// "3 per pass per 24 h" that notify
// (https://developers.google.com/wallet/retail/loyalty-cards/use-cases/trigger-push-notifications):
// two for what the customer does, one kept for what time takes: points that expire, a card that
// ends. Messages have a quota of their own there; here both share one, for the customer's sake.
inline constexpr int kNotificationsADay = 2;
inline constexpr int kNotificationsAtTheEnd = 3;
inline constexpr std::chrono::hours kNotificationDay{24};

// Whether one more change of `object` may notify at `now`. Forgets those older than a day.
bool MayNotify(GoogleObject& object, bool ends, Timestamp now);

// Takes `count` requests out of the budget of the programme's account, those for clicks left alone.
// Fails with kUnavailable, reason "no_budget", if it has no room for them, which undoes the
// transaction; `wait` is how long until it has.
Status TakeGoogleBudget(Transaction& transaction, const ProgrammeSite& programme, int count,
                        std::chrono::microseconds& wait);

// The pause after the given number of failed attempts, 1 or more: 0.5 s, doubled each time, at most
// 64 s; between half of that and all of it, by `random` of 0 to 255.
std::chrono::milliseconds GoogleBackOff(int attempts, unsigned char random);

}  // namespace passmint::issuance
