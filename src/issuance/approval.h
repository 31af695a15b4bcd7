#pragma once

#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace passmint::issuance {

// Who may publish a draft (the setting programme.approval).
enum class Approval {
  kRole,           // Whoever has the role approver.
  kAnotherPerson,  // Of those, whoever has not made the draft's latest change.
};

// As in settings and answers: "role", "another_person".
std::string_view Name(Approval approval);

// `author`: the key that made the draft's latest change. A person is known by the name of the key,
// so two keys of one name are one person. Fails with kPermissionDenied, reason "own_work".
Status CheckApprover(Approval approval, const ApiKeyName& author, const ApiKeyName& approver);

}  // namespace passmint::issuance
