#pragma once

#include <chrono>

#include "sql/postgresql/connection.h"
#include "sql/postgresql/pool.h"

namespace passmint::sql::postgresql {

// How long a commit in doubt is asked after. The server ends the transaction of a broken connection
// as soon as it notices, which is at once unless the network swallows packets.
inline constexpr std::chrono::seconds kSettleMax(5);

// How long somebody is waited for who can bear witness that it was committed: those who are busy
// come back in a moment, and after a crash there is nobody.
inline constexpr std::chrono::seconds kWitnessMax(1);

enum class CommitOutcome { kCommitted, kNotCommitted, kUnknown };

// What became of a transaction whose COMMIT was sent and not answered; it began at `began`.
//
// "aborted" is always true. "committed" is only believed from a connection that was open before the
// transaction began: after a crash the server gives the same id to another transaction if nothing
// of the first had reached the disk, and then that one's fate is what it tells (giving out an id
// writes nothing to the log: GetNewTransactionId in
// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/access/transam/varsup.c).
CommitOutcome Settle(Pool& pool, const TransactionId& id,
                     std::chrono::steady_clock::time_point began);

}  // namespace passmint::sql::postgresql
