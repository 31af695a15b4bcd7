#include "store/sql_transaction.h"

#include "store/columns.h"

namespace passmint::store {
namespace {

using sql::Row;
using sql::Statement;

constexpr Statement kFindSetting("SELECT value FROM setting WHERE name = $1");
constexpr Statement kPutSetting(
    "INSERT INTO setting (name, value) VALUES ($1, $2)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value");

}  // namespace

Result<std::optional<std::string>> SqlTransaction::FindSetting(const std::string& name) {
  return FindOne<std::string>(connection_, kFindSetting, {name},
                              [](const Row& row) { return Result(String(row, 0)); });
}

Status SqlTransaction::PutSetting(const std::string& name, const std::string& value) {
  return Done(connection_.Execute(kPutSetting, {name, value}));
}

}  // namespace passmint::store
