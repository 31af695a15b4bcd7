#pragma once

#include <vector>

#include "base/error.h"
#include "programme/rules.h"

namespace passmint::issuance {

// What a rule set asks for and this version's orders do not do yet, each with its pointer and the
// code "not_served". A rule that looks at what nobody tells it would grant what it should not, so
// such rule sets are refused when the service starts. Empty: every rule of it is served.
std::vector<InputProblem> NotServed(const programme::RuleSet& rules);

}  // namespace passmint::issuance
