#include "issuance/member_tier.h"

#include <algorithm>
#include <utility>

#include "issuance/member_progress.h"
#include "issuance/rule_facts.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {
namespace {

std::string NameOf(const programme::Tiers& tiers, int level) {
  return level < 0 ? std::string() : tiers.levels[static_cast<std::size_t>(level)].name;
}

// -1 also for a name that the levels do not have any more.
int LevelNamed(const programme::Tiers& tiers, const std::string& name) {
  const auto found = std::find_if(tiers.levels.begin(), tiers.levels.end(),
                                  [&name](const auto& level) { return level.name == name; });
  return found == tiers.levels.end() ? -1 : static_cast<int>(found - tiers.levels.begin());
}

// What orders so far make of the member by those rules.
Result<std::optional<KeptTier>> Computed(Transaction& transaction, const ProgrammeSite& programme,
                                         const programme::RuleSet& rules, const MemberId& member) {
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  const auto progress = ProgressOf(transaction, programme, member);
  if (!progress.ok()) return progress.error();
  return KeptTierOf(rules, zone.value(), progress.value(), transaction.Now());
}

}  // namespace

std::optional<MemberTier> Describe(const programme::Tiers& tiers, const programme::TierFacts& at) {
  if (tiers.levels.empty()) return std::nullopt;
  MemberTier tier{.name = NameOf(tiers, at.level), .next = {}, .metric = tiers.metric};
  if (at.level >= 0) {
    const programme::Level& level = tiers.levels[static_cast<std::size_t>(at.level)];
    tier.ppm = level.ppm;
    tier.discount_ppm = level.discount_ppm;
  }
  tier.next = programme::Next(tiers, at.level, at.metric);
  return tier;
}

std::optional<MemberTier> Describe(const programme::Tiers& tiers, const KeptTier& kept) {
  auto tier = Describe(tiers, {.level = LevelNamed(tiers, kept.level), .metric = kept.metric});
  if (tier) tier->since = kept.since;
  return tier;
}

std::optional<KeptTier> KeptTierOf(const programme::RuleSet& rules, const calendar::TimeZone& zone,
                                   const MemberProgress& progress, Timestamp now) {
  if (rules.tiers.levels.empty()) return std::nullopt;
  const programme::Standing standing = StandingOf(progress, rules.tiers, zone, now);
  return KeptTier{.level = NameOf(rules.tiers, standing.level),
                  .since = {},
                  .metric = standing.metric,
                  .rule_set = rules.version,
                  .due_at = standing.changes_at,
                  .falls_at = standing.falls_at,
                  .falls_to = NameOf(rules.tiers, standing.falls_to)};
}

bool IsBeginning(const programme::Tiers& tiers, const KeptTier& kept) {
  return kept.metric == 0 && kept.level == NameOf(tiers, programme::LevelOf(tiers, 0)) &&
         !kept.due_at;
}

Result<ShownTier> ShownTierOf(Transaction& transaction, const ProgrammeSite& programme,
                              const cards::Member& member) {
  const Timestamp now = transaction.Now();
  auto kept = transaction.Tiers().FindTier(programme.programme.id, member.id);
  if (!kept.ok()) return std::move(kept).error();
  const auto rules = RulesAt(transaction, programme, now);
  if (!rules.ok()) return rules.error();
  const programme::Tiers& tiers = rules.value()->tiers;
  if (tiers.levels.empty()) return ShownTier{.tier = {}, .is_due = kept.value().has_value()};
  if (kept.value()) {
    const KeptTier& known = *kept.value();
    const bool is_due =
        known.rule_set != rules.value()->version || known.due_at.value_or(Timestamp::max()) <= now;
    return ShownTier{.tier = Describe(tiers, known), .is_due = is_due};
  }
  auto computed = Computed(transaction, programme, *rules.value(), member.id);
  if (!computed.ok()) return std::move(computed).error();
  KeptTier& first = computed.value().value();
  first.since = member.created_at;
  return ShownTier{.tier = Describe(tiers, first), .is_due = !IsBeginning(tiers, first)};
}

Result<std::optional<MemberTier>> TierOf(Transaction& transaction, const ProgrammeSite& programme,
                                         const MemberId& member) {
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  if (rules.value()->tiers.levels.empty()) return std::optional<MemberTier>();
  auto computed = Computed(transaction, programme, *rules.value(), member);
  if (!computed.ok()) return std::move(computed).error();
  auto tier = Describe(rules.value()->tiers, computed.value().value());
  tier->since.reset();
  const auto kept = transaction.Tiers().FindTier(programme.programme.id, member);
  if (!kept.ok()) return kept.error();
  if (kept.value() && kept.value()->level == tier->name) tier->since = kept.value()->since;
  return tier;
}

}  // namespace passmint::issuance
