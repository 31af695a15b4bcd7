#include "store/sql_transaction.h"

#include "store/columns.h"

namespace passmint::store {
namespace {

using sql::Row;
using sql::Statement;

constexpr Statement kFindSetting("SELECT value FROM setting WHERE name = $1 /*lock: FOR UPDATE*/");
constexpr Statement kInsertSetting(
    "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING");
constexpr Statement kPutSetting(
    "INSERT INTO setting (name, value) VALUES ($1, $2)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value");

}  // namespace

Result<std::optional<std::string>> SqlTransaction::FindSetting(const std::string& name) {
  auto found = FindOne<std::string>(connection_, kFindSetting, {name},
                                    [](const Row& row) { return Result(String(row, 0)); });
  if (found.ok() && !found.value().has_value()) missing_settings_.insert(name);
  return found;
}

Status SqlTransaction::PutSetting(const std::string& name, const std::string& value) {
  // A row that is not there cannot be locked: who saw none makes it, or has lost the race.
  const bool saw_none = missing_settings_.erase(name) > 0;
  if (!saw_none) return connection_.Send(kPutSetting, {name, value});
  const auto put = Wrote(connection_.Execute(kInsertSetting, {name, value}));
  if (!put.ok()) return put.error();
  if (put.value()) return {};
  return Error{.code = ErrorCode::kUnavailable,
               .message = "another process wrote the same setting first",
               .reason = "lost_race"};
}

}  // namespace passmint::store
