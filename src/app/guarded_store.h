#pragma once

#include <mutex>
#include <string>

#include "base/result.h"
#include "issuance/store.h"

namespace passmint::app {

// What the store remembers of how it was restored (table setting).
inline constexpr char kRestoreState[] = "restore.state";        // "unfinished", "done".
inline constexpr char kReadOnlyReason[] = "restore.read_only";  // "": it may be written to.

// The store as the service's requests see it: writes are refused while it is read-only because a
// backup was restored that lacks what a checkpoint saw. Safe for concurrent calls.
class GuardedStore final : public issuance::Store {
 public:
  explicit GuardedStore(issuance::Store& store) : store_(store) {}

  // Fails with kUnavailable, reason "restored_older", while it is read-only.
  Status Write(const std::function<Status(issuance::Transaction&)>& fn) override;
  Status Read(const std::function<Status(issuance::Transaction&)>& fn) const override;
  Status Ready() const override;
  Status RefreshStatistics() override { return store_.RefreshStatistics(); }

  // Looks whether it still is. Fails as Store::Read.
  Status Refresh();
  // Why; empty if it may be written to.
  std::string read_only() const;

 private:
  issuance::Store& store_;
  mutable std::mutex mutex_;
  std::string read_only_;
};

// Fails with kConflict, reason "restore_unfinished", if a restore into this store did not come to
// its end.
Status CheckRestored(const issuance::Store& store);

// What stands under a name; empty if nothing does.
Result<std::string> ReadSetting(const issuance::Store& store, const std::string& name);
Status WriteSetting(issuance::Store& store, const std::string& name, const std::string& value);

}  // namespace passmint::app
