#include "store/sql_store.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

// PostgreSQL looks by itself once a minute (autovacuum_naptime); until then it takes a table that
// was empty for a small one, and reads all of it for each row that is sought. SQLite plans without
// statistics, and the tests hold its plans to that.
constexpr std::string_view kRefreshStatistics =
    "/*postgresql: ANALYZE member, member_identity, card, card_number, account, lot, entry,"
    " shop_order, stored_answer, delivery, registration; */";

}  // namespace

SqlStore::SqlStore(std::optional<ServingLock> lock, std::unique_ptr<sql::Database> database,
                   const Clock& clock, std::shared_ptr<issuance::DeliveryListener> listener)
    : lock_(std::move(lock)),
      database_(std::move(database)),
      clock_(clock),
      listener_(std::move(listener)) {}

Status SqlStore::Write(const std::function<Status(issuance::Transaction&)>& fn) {
  std::vector<issuance::WantedDelivery> wanted;
  Status written = database_->Write([this, &fn, &wanted](sql::Connection& connection) {
    // Taken when it is this write's turn: what was written before it has an earlier time.
    SqlTransaction transaction(connection, clock_.Now(), answers_stored_);
    Status done = fn(transaction);
    wanted = transaction.TakeWanted();
    return done;
  });
  if (written.ok() && listener_ != nullptr && !wanted.empty()) listener_->OnWanted(wanted);
  return written;
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

Status SqlStore::Ready() const {
  const Timestamp before = clock_.Now();
  const auto server = database_->ServerMicros();
  if (!server.ok()) return server.error();
  if (!server.value().has_value()) return {};
  const Timestamp there = FromMicros(*server.value());
  // Its answer was under way between the two.
  if (there >= before - kClockApartMax && there <= clock_.Now() + kClockApartMax) return {};
  const auto apart = std::chrono::duration_cast<std::chrono::milliseconds>(there - before);
  return Error{.code = ErrorCode::kUnavailable,
               .message = "the database's clock is " + std::to_string(apart.count()) +
                          " ms from ours; at most 1000 ms will do",
               .reason = "clock_apart",
               .hint = "let NTP set the clocks of both machines"};
}

Status SqlStore::RefreshStatistics() {
  return database_->Write(
      [](sql::Connection& connection) { return connection.ExecuteScript(kRefreshStatistics); });
}

}  // namespace passmint::store
