#include <array>
#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::ApiKey;
using issuance::Role;
using sql::Row;
using sql::Statement;

constexpr Statement kInsertApiKey(
    "INSERT INTO api_key (programme, id, name, roles, secret_hash, source, created_at, revoked_at, "
    "member)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
constexpr Statement kFindApiKey(
    "SELECT programme, id, name, roles, secret_hash, source, created_at, revoked_at, member FROM "
    "api_key"
    " WHERE id = $1");
constexpr Statement kApiKeys(
    "SELECT programme, id, name, roles, secret_hash, source, created_at, revoked_at, member FROM "
    "api_key"
    " WHERE programme = $1 ORDER BY created_at, id");
// Revoking again does not move the instant.
constexpr Statement kRevokeApiKey(
    "UPDATE api_key SET revoked_at = coalesce(revoked_at, $3) WHERE programme = $1 AND id = $2");

constexpr std::array<Role, 5> kRoles = {Role::kShop, Role::kDesigner, Role::kApprover,
                                        Role::kOperator, Role::kAdmin};

// As the column says it; never changed, for rows outlive binaries.
std::string_view TextOf(Role role) {
  switch (role) {
    case Role::kShop:
      return "shop";
    case Role::kDesigner:
      return "designer";
    case Role::kApprover:
      return "approver";
    case Role::kOperator:
      return "operator";
    case Role::kAdmin:
      return "admin";
  }
  return "";  // Not reached: -Wswitch makes a missing case an error.
}

std::string Join(const std::vector<Role>& roles) {
  std::string text;
  for (const Role role : roles) {
    if (!text.empty()) text += ',';
    text += TextOf(role);
  }
  return text;
}

Result<Role> RoleFrom(std::string_view text) {
  for (const Role role : kRoles) {
    if (TextOf(role) == text) return role;
  }
  return Damaged("api_key.roles");
}

Result<std::vector<Role>> Split(std::string_view text) {
  std::vector<Role> roles;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const auto role = RoleFrom(text.substr(0, comma));
    if (!role.ok()) return role.error();
    roles.push_back(role.value());
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return roles;
}

Result<ApiKey> ReadApiKey(const Row& row) {
  auto roles = Split(row.Text(3));
  if (!roles.ok()) return std::move(roles).error();
  return ApiKey{.id = String(row, 1),
                .name = IdAt<ApiKeyName>(row, 2),
                .programme = IdAt<ProgrammeId>(row, 0),
                .roles = std::move(roles).value(),
                .secret_hash = String(row, 4),
                .source = IdAt<OrderSource>(row, 5),
                .member = row.Text(8).empty() ? MemberId() : IdAt<MemberId>(row, 8),
                .created_at = Instant(row, 6),
                .revoked_at = InstantOrNull(row, 7)};
}

}  // namespace

Status SqlTransaction::InsertApiKey(const ApiKey& key) {
  return Done(connection_.Execute(
      kInsertApiKey, {key.programme, key.id, key.name, Join(key.roles), key.secret_hash, key.source,
                      ToMicros(key.created_at), MicrosOrNull(key.revoked_at), key.member}));
}

Result<std::optional<ApiKey>> SqlTransaction::FindApiKey(const std::string& id) {
  return FindOne<ApiKey>(connection_, kFindApiKey, {id}, ReadApiKey);
}

Result<std::vector<ApiKey>> SqlTransaction::ApiKeys(const ProgrammeId& programme) {
  return FindAll<ApiKey>(connection_, kApiKeys, {programme}, ReadApiKey);
}

Result<bool> SqlTransaction::RevokeApiKey(const ProgrammeId& programme, const std::string& id,
                                          Timestamp at) {
  return Wrote(connection_.Execute(kRevokeApiKey, {programme, id, ToMicros(at)}));
}

}  // namespace passmint::store
