#pragma once

#include <chrono>

#include "base/result.h"
#include "base/timestamp.h"
#include "sql/database.h"

namespace passmint::store {

// Nobody claims deliveries, pushes, rollouts or replays for longer (push/apple_pushes.h,
// issuance/google_cards.cc, issuance/replay_jobs.h).
inline constexpr std::chrono::seconds kLeaseMax{60};

// What whoever served the store before had claimed, and died with, is due again at once. A lease is
// a time in the near future and nothing else, so what waits that long for another reason is looked
// at earlier as well; whoever looks knows whether its time has come.
// REQUIRES: nobody else serves the store. Fails as sql::Database::Write; the leases end by
// themselves then.
Status TakeBackLeases(sql::Database& database, Timestamp now);

}  // namespace passmint::store
