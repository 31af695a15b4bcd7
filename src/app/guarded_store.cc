#include "app/guarded_store.h"

#include <utility>

namespace passmint::app {

Status GuardedStore::Write(const std::function<Status(issuance::Transaction&)>& fn) {
  std::string why = read_only();
  if (why.empty()) return store_.Write(fn);
  return Error{.code = ErrorCode::kUnavailable,
               .message = std::move(why),
               .reason = "restored_older",
               .hint =
                   "restore a newer backup, or give up what is lost: passmint ledger "
                   "accept-loss"};
}

Status GuardedStore::Read(const std::function<Status(issuance::Transaction&)>& fn) const {
  return store_.Read(fn);
}

Status GuardedStore::Ready() const { return store_.Ready(); }

Status GuardedStore::Refresh() {
  auto reason = ReadSetting(store_, kReadOnlyReason);
  if (!reason.ok()) return std::move(reason).error();
  const std::lock_guard<std::mutex> lock(mutex_);
  read_only_ = std::move(reason).value();
  return {};
}

std::string GuardedStore::read_only() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return read_only_;
}

Status CheckRestored(const issuance::Store& store) {
  const auto state = ReadSetting(store, kRestoreState);
  if (!state.ok()) return state.error();
  if (state.value() != "unfinished") return {};
  return Error{.code = ErrorCode::kConflict,
               .message = "a restore into this store did not come to its end",
               .reason = "restore_unfinished",
               .hint = "empty the database (or name another in store.url) and restore again"};
}

Result<std::string> ReadSetting(const issuance::Store& store, const std::string& name) {
  std::string value;
  Status read = store.Read([&](issuance::Transaction& transaction) -> Status {
    auto found = transaction.FindSetting(name);
    if (!found.ok()) return std::move(found).error();
    value = found.value().value_or("");
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return value;
}

Status WriteSetting(issuance::Store& store, const std::string& name, const std::string& value) {
  return store.Write(
      [&](issuance::Transaction& transaction) { return transaction.PutSetting(name, value); });
}

}  // namespace passmint::app
