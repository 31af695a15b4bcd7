#include "programme/award.h"

#include <algorithm>
#include <vector>

#include "ledger/arithmetic.h"
#include "programme/period.h"

namespace passmint::programme {
namespace {

const Award* Find(const std::vector<Award>& awards, const std::string& id) {
  const auto found = std::find_if(awards.begin(), awards.end(),
                                  [&id](const Award& award) { return award.id == id; });
  return found == awards.end() ? nullptr : &*found;
}

std::int64_t Times(std::int64_t points, std::int64_t count) {
  __extension__ using Wide = __int128;
  return static_cast<std::int64_t>(std::min<Wide>(Wide{points} * count, Wide{ledger::kAmountMax}));
}

}  // namespace

bool IsOpen(const RuleSet& rules, const Award& award, const Facts& facts, const Moment& moment) {
  const Basket nothing;
  const auto level = static_cast<std::size_t>(facts.tier.level);  // -1 is beyond all levels.
  const bool has_level = level < rules.tiers.levels.size();
  return IsOpen(award.gate, {.basket = nothing,
                             .facts = facts,
                             .moment = moment,
                             .tier = has_level ? std::string_view(rules.tiers.levels[level].name)
                                               : std::string_view()});
}

AwardedPoints PointsOf(const RuleSet& rules, const Award& award, std::int64_t count,
                       const AwardLimits& limits) {
  AwardedPoints given;
  given.before_limits = Times(award.points, award.per_unit ? count : 1);
  given.points = given.before_limits;
  for (const auto& most : {award.limits.line, award.limits.order, limits.member_left}) {
    if (most) given.points = std::clamp<std::int64_t>(*most, 0, given.points);
  }
  if (award.limits.budget == kNone || !limits.budget_left) return given;
  const bool partial = rules.budgets[static_cast<std::size_t>(award.limits.budget)].partial;
  if (*limits.budget_left < given.points) {
    given.points = partial ? std::max<std::int64_t>(0, *limits.budget_left) : 0;
  }
  return given;
}

ledger::Earning EarningOf(const RuleSet& rules, const Award& award, std::int64_t points,
                          const calendar::TimeZone& zone, Timestamp now) {
  return {.asset = ledger::AssetId(ledger::kPointsAsset),
          .amount = points,
          .activates_at = ActivatesAt(award.activate_after, zone, now),
          .expires_at = ExpiresAt(award.expires, zone, now),
          .funder = award.funder,
          .derivations = {{.rule = award.id,
                           .rule_set_version = rules.version,
                           .base_minor = 0,
                           .ppm = 0,
                           .rounding = rules.rounding_name,
                           .points = points}},
          .slides = TermOf(award.expires)};
}

const Award* FindAction(const RuleSet& rules, const std::string& id) {
  return Find(rules.actions, id);
}

const Award* FindOccasion(const RuleSet& rules, const std::string& id) {
  return Find(rules.occasions, id);
}

}  // namespace passmint::programme
