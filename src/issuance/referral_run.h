#pragma once

#include <chrono>

#include "base/result.h"
#include "issuance/calendar_run.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// Books what both sides get for an order of somebody who was brought, and takes it back as the
// order is refunded. Each reward is a task of its own, since it touches another account than the
// order's: an order plans it, a refund wakes it, and it makes up the difference between what the
// order is worth now and what it saw before. So it may run late, twice, or in many processes.

inline constexpr int kReferralBatch = 100;
// How long a reward that could not be booked is left alone.
inline constexpr std::chrono::hours kReferralSetAside{1};

// One batch, the longest due first. What cannot be booked (damaged) is reported and set aside.
// `given` counts rewards of which something was booked or taken back. Fails with kUnavailable if
// the store does not answer.
Result<CalendarRound> RunReferrals(Store& store, const Site& site);

}  // namespace passmint::issuance
