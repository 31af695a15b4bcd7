#include "issuance/rule_facts.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "issuance/card_terms_tables.h"
#include "issuance/member_progress.h"
#include "issuance/memberships.h"
#include "issuance/organisation_tables.h"
#include "issuance/rule_book.h"
#include "programme/occurrence.h"

namespace passmint::issuance {
namespace {

using programme::Condition;
using programme::Field;
using programme::RuleSet;

bool LooksAt(const Condition& condition, Field first, Field last) {
  if (condition.kind != Condition::Kind::kTest) {
    return std::any_of(condition.parts.begin(), condition.parts.end(),
                       [&](const Condition& part) { return LooksAt(part, first, last); });
  }
  return condition.test.field >= first && condition.test.field <= last;
}

void Add(const Condition& when, RuleNeeds& needs) {
  needs.progress =
      needs.progress || LooksAt(when, Field::kHistoryOrders, Field::kHistoryDaysSinceLast);
  needs.progress = needs.progress || LooksAt(when, Field::kTierName, Field::kTierLevel);
  needs.progress =
      needs.progress || LooksAt(when, Field::kMemberLifecycle, Field::kMemberLifecycle);
  needs.member = needs.member || LooksAt(when, Field::kMemberAge, Field::kMemberAttribute);
  needs.groups = needs.groups || LooksAt(when, Field::kMemberGroup, Field::kMemberGroup);
  needs.memberships =
      needs.memberships || LooksAt(when, Field::kMemberMembership, Field::kMemberMembership);
  needs.ties = needs.ties || LooksAt(when, Field::kMemberOrganisation, Field::kMemberGuestOf);
}

template <class Rules>
void AddAll(const Rules& rules, RuleNeeds& needs) {
  for (const auto& rule : rules) {
    Add(rule.gate.when, needs);
    needs.progress = needs.progress || rule.limits.member.has_value();
    needs.budgets = needs.budgets || rule.limits.budget != programme::kNone;
  }
}

template <class Rules>
void AddCard(const Rules& rules, RuleNeeds& needs) {
  needs.card = needs.card || std::any_of(rules.begin(), rules.end(), [](const auto& rule) {
                 return rule.rate == programme::RateFrom::kCard;
               });
}

std::map<std::string, std::string, std::less<>> AttributesOf(const Json& attributes) {
  std::map<std::string, std::string, std::less<>> texts;
  for (const auto& [name, value] : attributes.items()) {
    texts[name] = value.is_string() ? value.get<std::string>() : json::Dump(value);
  }
  return texts;
}

// The days as the tiers count them.
std::vector<programme::DaySum> SumsOf(const MemberProgress& progress, programme::Tiers::Metric of) {
  std::vector<programme::DaySum> sums;
  sums.reserve(progress.days.size());
  for (const auto& [day, did] : progress.days) {
    const std::int64_t spend_or_points =
        of == programme::Tiers::Metric::kPoints ? did.points : did.spend;
    sums.push_back({day, of == programme::Tiers::Metric::kOrders ? did.orders : spend_or_points});
  }
  return sums;
}

// What is in tables of its own about a member and a card.
Status TellTerms(Transaction& transaction, const ProgrammeId& programme, const RuleNeeds& needs,
                 const Party& party, Timestamp paid_at, programme::MemberFacts& facts) {
  if (needs.card && !party.card.empty()) {
    auto terms = transaction.CardTerms().FindCardTerms(programme, party.card);
    if (!terms.ok()) return std::move(terms).error();
    if (terms.value()) facts.card_ppm = terms.value()->rate_ppm;
  }
  if (!needs.memberships) return {};
  auto plans = PlansOf(transaction, programme, party.member->id, paid_at);
  if (!plans.ok()) return std::move(plans).error();
  facts.memberships = std::move(plans).value();
  return {};
}

}  // namespace

RuleNeeds NeedsOf(const programme::Award& award) {
  RuleNeeds needs;
  Add(award.gate.when, needs);
  needs.progress = needs.progress || award.limits.member.has_value();
  needs.budgets = award.limits.budget != programme::kNone;
  return needs;
}

RuleNeeds NeedsOf(const RuleSet& rules) {
  RuleNeeds needs;
  // Orders are counted for awards, too; the rest they look up themselves.
  for (const auto* awards : {&rules.actions, &rules.occasions}) {
    needs.progress = needs.progress ||
                     std::any_of(awards->begin(), awards->end(), [](const programme::Award& award) {
                       return NeedsOf(award).progress;
                     });
  }
  if (rules.referral) {
    needs.progress = needs.progress || rules.referral->friend_gets.limits.member ||
                     rules.referral->promoter_gets.limits.member;
  }
  AddAll(rules.earn, needs);
  AddAll(rules.discounts, needs);
  AddAll(rules.coupons, needs);
  AddCard(rules.earn, needs);
  AddCard(rules.discounts, needs);
  AddCard(rules.coupons, needs);
  for (const programme::Advice& advice : rules.advice) Add(advice.gate.when, needs);
  needs.progress = needs.progress || rules.limits.member.has_value() ||
                   !rules.tiers.levels.empty() ||
                   std::any_of(rules.earn.begin(), rules.earn.end(),
                               [](const auto& rule) { return rule.once.has_value(); });
  return needs;
}

programme::MemberFacts MemberFactsOf(const cards::Member& member) {
  programme::MemberFacts facts;
  facts.birthday = member.birthday;
  facts.joined_at = member.created_at;
  facts.locale = member.locale;
  facts.opted_in = member.opted_in && member.opted_in->in;
  facts.attributes = AttributesOf(member.attributes);
  return facts;
}

programme::Standing StandingOf(const MemberProgress& progress, const programme::Tiers& tiers,
                               const calendar::TimeZone& zone, Timestamp at) {
  return programme::EffectiveTier(tiers, SumsOf(progress, tiers.metric), zone, at);
}

std::int64_t RateOfLevel(const RuleSet& rules, const programme::Facts& facts,
                         std::int64_t programme::Level::*rate) {
  const auto level = static_cast<std::size_t>(facts.tier.level);
  const bool some = facts.tier.level >= 0 && level < rules.tiers.levels.size();
  return some ? rules.tiers.levels[level].*rate : 0;
}

Status TellTies(Transaction& transaction, const ProgrammeId& programme, const RuleNeeds& needs,
                const MemberId& member, Timestamp at, programme::MemberFacts& facts) {
  if (needs.groups) {
    auto groups = transaction.GroupsOf(programme, member);
    if (!groups.ok()) return std::move(groups).error();
    facts.groups = std::move(groups).value();
  }
  if (!needs.ties) return {};
  auto ties = transaction.Organisations().TiesOf(programme, member, at);
  if (!ties.ok()) return std::move(ties).error();
  facts.organisation = std::move(ties.value().organisation);
  facts.guest_of = std::move(ties.value().guest_of);
  return {};
}

void Tell(const MemberProgress& progress, const RuleSet& rules, const calendar::TimeZone& zone,
          Timestamp paid_at, programme::Facts& facts) {
  facts.history = {.orders = progress.orders,
                   .spend = progress.spend,
                   .points_earned = progress.points_earned,
                   .last_order_at = progress.last_order_at};
  if (!rules.tiers.levels.empty()) {
    const programme::Standing standing = StandingOf(progress, rules.tiers, zone, paid_at);
    facts.tier = {.level = standing.level, .metric = standing.metric};
  }
  const auto day = zone.DayAt(paid_at);
  const auto tell = [&](const std::string& rule, const programme::Limits& limits) {
    if (!limits.member) return;
    const auto used = progress.used.find({rule, programme::UnitKey(limits.member->per, day)});
    if (used != progress.used.end()) facts.used.push_back({rule, used->second});
  };
  tell("", rules.limits);
  for (const programme::EarnRule& rule : rules.earn) {
    tell(rule.id, rule.limits);
    if (!rule.once) continue;
    std::string occurrence = programme::UnitKey(*rule.once, day);
    if (progress.granted.contains({rule.id, occurrence})) {
      facts.granted.push_back({rule.id, std::move(occurrence)});
    }
  }
  for (const programme::Discount& rule : rules.discounts) tell(rule.id, rule.limits);
  for (const programme::Discount& rule : rules.coupons) tell(rule.id, rule.limits);
}

Result<KnownFacts> FactsOf(Transaction& transaction, const ProgrammeSite& programme,
                           const RuleSet& rules, const calendar::TimeZone& zone, const Party& party,
                           Timestamp paid_at) {
  const cards::Member* member = party.member;
  const ProgrammeId& id = programme.programme.id;
  const RuleNeeds needs = NeedsOf(rules);
  KnownFacts known;
  known.day = std::chrono::sys_days(zone.DayAt(paid_at));
  if (member != nullptr && needs.member) known.facts.member = MemberFactsOf(*member);
  if (member == nullptr) known.facts.member.opted_in = false;
  if (member != nullptr) {
    Status told = TellTerms(transaction, id, needs, party, paid_at, known.facts.member);
    if (!told.ok()) return std::move(told).error();
    told = TellTies(transaction, id, needs, member->id, paid_at, known.facts.member);
    if (!told.ok()) return std::move(told).error();
  }
  if (member != nullptr && (needs.progress || programme.book->Counts())) {
    auto progress = ProgressOf(transaction, programme, member->id);
    if (!progress.ok()) return std::move(progress).error();
    Tell(progress.value(), rules, zone, paid_at, known.facts);
    known.progress = std::move(progress).value();
  } else if (needs.progress) {
    Tell({}, rules, zone, paid_at, known.facts);
  }
  if (!needs.budgets) return known;
  const auto spent = transaction.BudgetsSpent(id);
  if (!spent.ok()) return spent.error();
  for (const programme::Budget& budget : rules.budgets) {
    const auto found = spent.value().find(budget.id);
    if (found == spent.value().end() || !budget.cap) continue;
    known.facts.budget_left[budget.id] = std::max<std::int64_t>(0, *budget.cap - found->second);
  }
  return known;
}

}  // namespace passmint::issuance
