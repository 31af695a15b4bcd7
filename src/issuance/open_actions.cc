#include "issuance/open_actions.h"

#include <algorithm>
#include <utility>

#include "calendar/time_zone.h"
#include "issuance/awards.h"
#include "issuance/rule_sets.h"
#include "programme/occurrence.h"

namespace passmint::issuance {
namespace {

using What = AwardOutcome::What;

enum class LastTime { kCut, kWhole };

// How often points of `each` fit into what is left; a last time that is cut counts, too.
std::int64_t TimesLeft(std::int64_t left, std::int64_t each, LastTime last) {
  if (each == 0) return 0;
  return (left + (last == LastTime::kCut ? each - 1 : 0)) / each;
}

OpenAction Describe(const programme::RuleSet& rules, const programme::Award& action,
                    const AwardOutcome& outcome) {
  OpenAction open{.id = action.id, .points = action.points, .left = std::nullopt};
  if (outcome.what != What::kGiven) {
    open.left = 0;
    return open;
  }
  if (action.once) open.left = 1;
  const auto take = [&open](std::int64_t times) {
    open.left = std::min(open.left.value_or(times), times);
  };
  if (const auto& left = outcome.limits.member_left) {
    take(TimesLeft(*left, action.points, LastTime::kCut));
  }
  if (const auto& left = outcome.limits.budget_left) {
    const bool partial = rules.budgets[static_cast<std::size_t>(action.limits.budget)].partial;
    take(TimesLeft(*left, action.points, partial ? LastTime::kCut : LastTime::kWhole));
  }
  return open;
}

}  // namespace

Result<std::vector<OpenAction>> ActionsFor(Transaction& transaction, const ProgrammeSite& programme,
                                           const cards::Member& member) {
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  std::vector<OpenAction> actions;
  for (const programme::Award& action : rules.value()->actions) {
    const std::string occurrence =
        action.once ? programme::UnitKey(*action.once, zone.value().DayAt(transaction.Now()))
                    : std::string();
    const auto outcome = JudgeAward(transaction, programme,
                                    {.rules = *rules.value(),
                                     .award = action,
                                     .member = member,
                                     .occurrence = occurrence,
                                     .count = 1,
                                     .at = transaction.Now(),
                                     .document = {},
                                     .actor = {}});
    if (!outcome.ok()) return outcome.error();
    if (outcome.value().what == What::kClosed) continue;
    actions.push_back(Describe(*rules.value(), action, outcome.value()));
  }
  return actions;
}

}  // namespace passmint::issuance
