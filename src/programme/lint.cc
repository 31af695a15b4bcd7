#include "programme/lint.h"

#include <algorithm>

#include "programme/internal/lint.h"

namespace passmint::programme {
namespace internal {

std::string PointerTo(const char* list, std::size_t index, const char* field) {
  std::string pointer = json::Child(std::string("/") + list, index);
  return field == nullptr ? pointer : json::Child(pointer, field);
}

}  // namespace internal

bool LintReport::publishable() const {
  return std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.level == Finding::Level::kError;
  });
}

LintReport Lint(const Json& json, const calendar::TimeZone& zone, int currency_exponent) {
  LintReport report;
  const auto rules = ParseRules(json, 1);
  if (!rules.ok()) {
    for (const InputProblem& problem : rules.error().problems) {
      report.findings.push_back({.id = problem.code,
                                 .level = Finding::Level::kError,
                                 .pointer = problem.pointer,
                                 .cause = problem.detail,
                                 .cure = "see assets/ruleset.schema.json"});
    }
    return report;
  }
  internal::LintReach(rules.value(), report.findings);
  internal::LintGroups(rules.value(), report.findings);
  internal::LintPayout(rules.value(), zone, currency_exponent, report);
  return report;
}

}  // namespace passmint::programme
