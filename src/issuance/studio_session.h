#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "base/timestamp.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// A working day, so that a forgotten browser is not open for ever.
inline constexpr std::chrono::hours kStudioSessionLife{12};

// Who may work in the studio.
inline const std::vector<Role> kStudioRoles = {Role::kDesigner, Role::kApprover, Role::kAdmin};

// What a browser holds in place of the API key: the key's id and an end, under a MAC of the site's
// current master key. Nothing is stored for it; it ends with the key, by time, or when the master
// key is changed. A secret.
// Fails with kPermissionDenied if the key has none of kStudioRoles.
Result<Secret> OpenStudioSession(const Site& site, const ApiKey& key, Timestamp now);

// The key that a session stands for. Fails with kUnauthenticated if it is none of ours, is over, or
// the key was revoked: the caller learns no more than that.
Result<ApiKey> ResumeStudioSession(Transaction& transaction, const Site& site,
                                   std::string_view session, Timestamp now);

}  // namespace passmint::issuance
