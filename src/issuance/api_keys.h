#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "issuance/store.h"

namespace passmint::issuance {

// "shop", "designer", "approver", "operator", "admin".
std::string_view Name(Role role);
std::optional<Role> FindRole(std::string_view name);

// What goes into the store, and the key itself, which is shown once and never again.
struct NewApiKey {
  ApiKey record;
  Secret key;  // "pm_" + 12 characters of id + "_" + 32 of secret; all [0-9A-Za-z].
};

// An empty `source` is the name's: the orders of a key come from where the key is.
// Fails with kInvalidArgument if `name` is empty, longer than 64 bytes or has control characters,
// or if there is no role.
Result<NewApiKey> MakeApiKey(const ProgrammeId& programme, std::string name,
                             std::vector<Role> roles, OrderSource source, Timestamp now,
                             Random& random);

// The record of a presented key. Fails with kUnauthenticated if it has not the form of one, is not
// known, does not match, or was revoked: the caller learns no more than that.
Result<ApiKey> Authenticate(Transaction& transaction, std::string_view presented);

// True if the key has one of `roles`, or admin.
bool Allows(const ApiKey& key, const std::vector<Role>& roles);

}  // namespace passmint::issuance
