#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "issuance/store.h"
#include "sql/database.h"
#include "store/serving_lock.h"

namespace passmint::store {

// How far the clock of the database's machine may be from ours.
inline constexpr std::chrono::seconds kClockApartMax(1);

// issuance::Store over any of the databases of sql/.
class SqlStore final : public issuance::Store {
 public:
  // `clock` outlives the store. `listener` may be null.
  SqlStore(std::optional<ServingLock> lock, std::unique_ptr<sql::Database> database,
           const Clock& clock, std::shared_ptr<issuance::DeliveryListener> listener);

  Status Write(const std::function<Status(issuance::Transaction&)>& fn) override;
  Status Read(const std::function<Status(issuance::Transaction&)>& fn) const override;
  Status Ready() const override;
  Status RefreshStatistics() override;

  // For what goes over all tables: dump.h.
  sql::Database& database() { return *database_; }

 private:
  std::optional<ServingLock> lock_;  // Given back last, when the database is closed.
  std::unique_ptr<sql::Database> database_;
  const Clock& clock_;
  std::shared_ptr<issuance::DeliveryListener> listener_;
  mutable std::atomic<std::uint64_t> answers_stored_{0};
};

}  // namespace passmint::store
