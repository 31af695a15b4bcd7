#include "issuance/rule_book.h"

#include <algorithm>
#include <utility>

#include "issuance/rule_facts.h"
#include "issuance/rule_sets.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

constexpr int kVersionsRead = 100;  // At a time.

Result<RulesPtr> Parse(const RuleSetVersion& version) {
  const auto json = json::Parse(version.content, kRulesBytesMax);
  auto rules = json.ok() ? programme::ParseRules(json.value(), version.version)
                         : Result<programme::RuleSet>(json.error());
  if (rules.ok()) return RulesPtr(std::make_shared<programme::RuleSet>(std::move(rules).value()));
  return Error{.code = ErrorCode::kInternal,
               .message = "rule set " + std::to_string(version.version) +
                          " cannot be read: " + rules.error().message};
}

}  // namespace

Result<std::int64_t> RuleBook::CatchUp(ProgrammeTables& tables, const ProgrammeId& programme) {
  const auto newest = tables.NewestRuleSet(programme);
  if (!newest.ok()) return newest.error();
  for (;;) {
    std::int64_t known = 0;
    {
      const std::lock_guard lock(mutex_);
      if (!versions_.empty()) known = versions_.rbegin()->first;
    }
    if (known >= newest.value()) return newest.value();
    const auto versions = tables.RuleSetsAfter(programme, known, kVersionsRead);
    if (!versions.ok()) return versions.error();
    for (const RuleSetVersion& version : versions.value()) {
      if (version.version > newest.value()) break;  // Came after we had looked.
      auto rules = Parse(version);
      if (!rules.ok()) return std::move(rules).error();
      const bool counts = NeedsOf(*rules.value()).progress;
      const std::lock_guard lock(mutex_);
      versions_.try_emplace(version.version, Entry{version.effective_from, version.published_at,
                                                   std::move(rules).value(), counts});
    }
    if (versions.value().empty()) return newest.value();
  }
}

Result<RulesPtr> RuleBook::At(ProgrammeTables& tables, const ProgrammeId& programme,
                              Timestamp instant) {
  const auto newest = CatchUp(tables, programme);
  if (!newest.ok()) return newest.error();
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(versions_.rbegin(), versions_.rend(), [&](const auto& version) {
    return version.first <= newest.value() && version.second.effective_from <= instant;
  });
  return found == versions_.rend() ? RulesPtr() : found->second.rules;
}

Result<RulesPtr> RuleBook::Version(ProgrammeTables& tables, const ProgrammeId& programme,
                                   std::int64_t version) {
  const auto newest = CatchUp(tables, programme);
  if (!newest.ok()) return newest.error();
  const std::lock_guard lock(mutex_);
  const auto found = versions_.find(version);
  return found == versions_.end() ? RulesPtr() : found->second.rules;
}

Result<std::vector<PublishedRules>> RuleBook::Versions(ProgrammeTables& tables,
                                                       const ProgrammeId& programme) {
  const auto newest = CatchUp(tables, programme);
  if (!newest.ok()) return newest.error();
  std::vector<PublishedRules> versions;
  const std::lock_guard lock(mutex_);
  for (const auto& [version, entry] : versions_) {
    if (version > newest.value()) break;
    versions.push_back({.version = version,
                        .begins = std::max(entry.effective_from, entry.published_at),
                        .rules = entry.rules});
  }
  return versions;
}

bool RuleBook::Counts() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(versions_.begin(), versions_.end(),
                     [](const auto& version) { return version.second.counts; });
}

std::shared_ptr<RuleBook> MakeRuleBook() { return std::make_shared<RuleBook>(); }

}  // namespace passmint::issuance
