#include "issuance/member_tier.h"

#include <utility>

#include "calendar/time_zone.h"
#include "issuance/member_progress.h"
#include "issuance/rule_facts.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {

std::optional<MemberTier> Describe(const programme::Tiers& tiers, const programme::TierFacts& at) {
  if (tiers.levels.empty()) return std::nullopt;
  MemberTier tier{.name = {}, .next = {}, .metric = tiers.metric};
  if (at.level >= 0) tier.name = tiers.levels[static_cast<std::size_t>(at.level)].name;
  tier.next = programme::Next(tiers, at.level, at.metric);
  return tier;
}

Result<std::optional<MemberTier>> TierOf(Transaction& transaction, const ProgrammeSite& programme,
                                         const MemberId& member) {
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  if (rules.value()->tiers.levels.empty()) return std::optional<MemberTier>();
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  const auto progress = ProgressOf(transaction, programme, member);
  if (!progress.ok()) return progress.error();
  programme::Facts facts;
  Tell(progress.value(), *rules.value(), zone.value(), transaction.Now(), facts);
  return Describe(rules.value()->tiers, facts.tier);
}

}  // namespace passmint::issuance
