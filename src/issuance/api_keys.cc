#include "issuance/api_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"
#include "crypto/digest.h"
#include "crypto/master_key.h"
#include "crypto/token.h"

namespace passmint::issuance {
namespace {

constexpr std::string_view kPrefix = "pm_";
constexpr std::size_t kIdLength = 12;
constexpr std::size_t kSecretLength = 32;
constexpr std::size_t kNameBytesMax = 64;

constexpr std::array<std::pair<Role, std::string_view>, 5> kRoles = {{
    {Role::kShop, "shop"},
    {Role::kDesigner, "designer"},
    {Role::kApprover, "approver"},
    {Role::kOperator, "operator"},
    {Role::kAdmin, "admin"},
}};

Error WrongKey() {
  return {.code = ErrorCode::kUnauthenticated,
          .message = "no or wrong API key",
          .hint = "send the header Authorization: Bearer <key>"};
}

}  // namespace

std::string_view Name(Role role) {
  for (const auto& [value, name] : kRoles) {
    if (value == role) return name;
  }
  return "";
}

std::optional<Role> FindRole(std::string_view name) {
  for (const auto& [value, text] : kRoles) {
    if (text == name) return value;
  }
  return std::nullopt;
}

Result<NewApiKey> MakeApiKey(const ProgrammeId& programme, std::string name,
                             std::vector<Role> roles, OrderSource source, Timestamp now,
                             Random& random) {
  if (name.empty() || name.size() > kNameBytesMax || !IsUtf8(name) || HasControlCharacter(name)) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "a key's name has 1 to 64 printable characters"};
  }
  if (roles.empty()) {
    return Error{.code = ErrorCode::kInvalidArgument, .message = "a key needs at least one role"};
  }
  if (source.empty()) source = OrderSource(name);
  const std::string id = crypto::MakeToken(random, kIdLength);
  Secret key(std::string(kPrefix) + id + "_" + crypto::MakeToken(random, kSecretLength));
  ApiKey record{.id = id,
                .name = ApiKeyName(std::move(name)),
                .programme = programme,
                .roles = std::move(roles),
                .secret_hash = crypto::HashApiKey(key),
                .source = std::move(source),
                .created_at = now,
                .revoked_at = std::nullopt};
  return NewApiKey{std::move(record), std::move(key)};
}

Result<ApiKey> Authenticate(Transaction& transaction, std::string_view presented) {
  if (presented.size() != kPrefix.size() + kIdLength + 1 + kSecretLength ||
      !presented.starts_with(kPrefix)) {
    return WrongKey();
  }
  auto found = transaction.FindApiKey(std::string(presented.substr(kPrefix.size(), kIdLength)));
  if (!found.ok()) return std::move(found).error();
  // A hash is computed for unknown ids too, so that the time says nothing.
  const std::string hash = crypto::HashApiKey(Secret(std::string(presented)));
  const std::string expected =
      found.value() ? found.value()->secret_hash : std::string(hash.size(), '0');
  if (!crypto::ConstantTimeEquals(hash, expected) || !found.value() || found.value()->revoked_at) {
    return WrongKey();
  }
  return *std::move(found).value();
}

bool Allows(const ApiKey& key, const std::vector<Role>& roles) {
  return std::any_of(key.roles.begin(), key.roles.end(), [&](Role role) {
    return role == Role::kAdmin || std::find(roles.begin(), roles.end(), role) != roles.end();
  });
}

}  // namespace passmint::issuance
