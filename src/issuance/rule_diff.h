#pragma once

#include <string>
#include <vector>

#include "json/json.h"

namespace passmint::issuance {

// One place where two rule sets differ.
struct RuleChange {
  std::string pointer;  // JSON pointer, in which members of lists go by their id or name.
  Json before;          // Null: it was not there.
  Json after;           // Null: it is gone.
};

// What turns `before` into `after`, in the order of the pointers: "/earn/base/ppm" from 50000 to
// 70000. Members of lists are matched by their "id" or "name", so moving one is no change unless
// the list has members without; of those the whole list is one change.
std::vector<RuleChange> DiffRules(const Json& before, const Json& after);

}  // namespace passmint::issuance
