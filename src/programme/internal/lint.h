#pragma once

#include <string>
#include <vector>

#include "programme/lint.h"

// The checks of Lint: each looks at a rule set that can be read and adds what it finds.

namespace passmint::programme::internal {

// Rules that cannot fire or give nothing.
void LintReach(const RuleSet& rules, std::vector<Finding>& findings);

// Rules that stand in each other's way.
void LintGroups(const RuleSet& rules, std::vector<Finding>& findings);

// Baskets that get more than they cost.
void LintPayout(const RuleSet& rules, const calendar::TimeZone& zone, int currency_exponent,
                LintReport& report);

std::string PointerTo(const char* list, std::size_t index, const char* field = nullptr);

}  // namespace passmint::programme::internal
