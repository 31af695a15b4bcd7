#include "store/sql_store.h"

#include <utility>

#include "store/sql_transaction.h"

namespace passmint::store {

SqlStore::SqlStore(std::optional<ServingLock> lock, std::unique_ptr<sql::Database> database,
                   const Clock& clock)
    : lock_(std::move(lock)), database_(std::move(database)), clock_(clock) {}

Status SqlStore::Write(const std::function<Status(issuance::Transaction&)>& fn) {
  return database_->Write([this, &fn](sql::Connection& connection) {
    // Taken when it is this write's turn: what was written before it has an earlier time.
    SqlTransaction transaction(connection, clock_.Now(), answers_stored_);
    return fn(transaction);
  });
}

Status SqlStore::Read(const std::function<Status(issuance::Transaction&)>& fn) const {
  // Taken before the snapshot is: whatever is committed after that instant may be missing from it,
  // what was committed before is not.
  const Timestamp now = clock_.Now();
  return database_->Read([this, now, &fn](sql::Connection& connection) {
    SqlTransaction transaction(connection, now, answers_stored_);
    return fn(transaction);
  });
}

}  // namespace passmint::store
