#include "programme/qualify.h"

#include <algorithm>

#include "programme/gate.h"

namespace passmint::programme {
namespace {

std::string_view NameOfLevel(const RuleSet& rules, int level) {
  if (level < 0 || static_cast<std::size_t>(level) >= rules.tiers.levels.size()) return "";
  return rules.tiers.levels[static_cast<std::size_t>(level)].name;
}

}  // namespace

bool StillQualifies(const RuleSet& rules, const EarnRule& rule, const calendar::TimeZone& zone,
                    const Basket& basket, const std::vector<LeftLine>& left, const Facts& facts,
                    Timestamp paid_at) {
  const Moment moment(paid_at, zone);
  OrderView order{.basket = basket,
                  .facts = facts,
                  .moment = moment,
                  .tier = NameOfLevel(rules, facts.tier.level)};
  for (const LeftLine& line : left) {
    order.amount += line.amount;
    order.net += line.value + line.paid;
    order.money += line.paid;
    order.points += line.burned;
  }
  if (!IsOpen(rule.gate, order)) return false;
  return std::any_of(left.begin(), left.end(), [&](const LeftLine& line) {
    const LineView view{.line = basket.lines[line.index], .amount = line.amount};
    return line.paid > 0 && Takes(rule.gate, order, view) == Taken::kYes;
  });
}

}  // namespace passmint::programme
