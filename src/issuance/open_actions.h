#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// Something that a member can do for points now.
struct OpenAction {
  std::string id;
  std::int64_t points = 0;           // For one, or for a unit.
  std::optional<std::int64_t> left;  // How often it still counts now; nothing: without limit.
};

// The actions of the rules of now that are for this member, in the rules' order; also those that
// count no more at present (left = 0). Fails as the store.
Result<std::vector<OpenAction>> ActionsFor(Transaction& transaction, const ProgrammeSite& programme,
                                           const cards::Member& member);

}  // namespace passmint::issuance
