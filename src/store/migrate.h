#pragma once

#include <span>

#include "base/result.h"
#include "base/timestamp.h"
#include "sql/database.h"
#include "store/migrations.h"

namespace passmint::store {

// The newest migration that the store has; 0 if it is empty. Fails as Database::Read.
Result<int> SchemaVersion(const sql::Database& database);

// Fails with kUnavailable, reason "store_newer", if `version` is beyond the last of `known`.
Status RefuseNewer(int version, std::span<const Migration> known);

// Applies those of `known` that the store lacks, each in a transaction of its own, so that a
// failure leaves the ones before. Several processes may do so at once. Fails as RefuseNewer or
// Database::Write.
Status Migrate(sql::Database& database, std::span<const Migration> known, Timestamp now);

}  // namespace passmint::store
