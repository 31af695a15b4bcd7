#include "issuance/lost_grants.h"

#include <algorithm>
#include <utility>

#include "calendar/time_zone.h"
#include "issuance/kept_order.h"
#include "ledger/after_refund.h"
#include "ledger/arithmetic.h"
#include "programme/evaluation.h"
#include "programme/qualify.h"

namespace passmint::issuance {
namespace {

using programme::EarnRule;

// The rule of a grant that may be lost; null for others.
const EarnRule* QualifyingRule(const programme::RuleSet& rules, const ledger::Grant& grant) {
  if (grant.clawed >= grant.points) return nullptr;
  const auto rule = std::find_if(rules.earn.begin(), rules.earn.end(),
                                 [&grant](const EarnRule& one) { return one.id == grant.rule; });
  const bool may =
      rule != rules.earn.end() && rule->on_refund == programme::OnRefund::kWhileQualifying;
  return may ? &*rule : nullptr;
}

// What is left of an order as the rules see it.
struct Left {
  programme::Basket basket;
  std::vector<programme::LeftLine> lines;
};

Left LeftOf(programme::Basket basket, const programme::Evaluation& evaluation,
            const ledger::OrderRecord& record) {
  Left left{.basket = std::move(basket), .lines = {}};
  for (const programme::PricedLine& priced : evaluation.lines) {
    programme::BasketLine& line = left.basket.lines[priced.index];
    const auto found =
        std::find_if(record.lines.begin(), record.lines.end(),
                     [&line](const auto& one) { return one.line_id == line.line_id; });
    if (found == record.lines.end()) continue;
    const bool gone = found->gross() > 0 && found->gross_left() == 0;
    line.quantity = gone ? 0 : found->quantity - found->quantity_refunded;
    if (line.quantity == 0) continue;
    const std::int64_t amount =
        found->gross() == 0 ? priced.amount
                            : ledger::MulDiv(priced.amount, found->gross_left(), found->gross());
    left.lines.push_back({.index = priced.index,
                          .amount = amount,
                          .value = found->value - found->value_refunded,
                          .burned = found->burned - found->restored,
                          .paid = found->paid - found->paid_refunded});
  }
  return left;
}

// Asks the rules about what refunds left of an order.
class Remainder {
 public:
  // Fails with kGone if the order's lines were erased.
  static Result<Remainder> Of(const ProgrammeSite& programme, const Order& order,
                              const ledger::OrderRecord& after, const programme::RuleSet& rules) {
    auto kept = ReadKept(order, programme.programme);
    if (!kept.ok()) return std::move(kept).error();
    auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
    if (!zone.ok()) return std::move(zone).error();
    Judged& judged = kept.value().judged;
    const auto evaluation =
        programme::Evaluate(rules, zone.value(), kept.value().basket, judged.facts, judged.instant);
    if (!evaluation.ok()) return evaluation.error();
    return Remainder(rules, std::move(zone).value(), std::move(judged),
                     LeftOf(std::move(kept.value().basket), evaluation.value(), after));
  }

  bool Earns(const EarnRule& rule) const {
    return programme::StillQualifies(rules_, rule, zone_, left_.basket, left_.lines, judged_.facts,
                                     judged_.instant);
  }

 private:
  Remainder(const programme::RuleSet& rules, calendar::TimeZone zone, Judged judged, Left left)
      : rules_(rules), zone_(zone), judged_(std::move(judged)), left_(std::move(left)) {}

  const programme::RuleSet& rules_;
  calendar::TimeZone zone_;
  Judged judged_;
  Left left_;
};

}  // namespace

Result<bool> StillEarns(const ProgrammeSite& programme, const Order& order,
                        const ledger::OrderRecord& after, const programme::RuleSet& rules,
                        const programme::EarnRule& rule) {
  const auto remainder = Remainder::Of(programme, order, after, rules);
  if (!remainder.ok() && remainder.error().code == ErrorCode::kGone) return true;
  if (!remainder.ok()) return remainder.error();
  return remainder.value().Earns(rule);
}

Result<std::vector<std::size_t>> LostGrants(const ProgrammeSite& programme, const Order& order,
                                            const ledger::OrderRecord& record,
                                            const programme::RuleSet& rules,
                                            const ledger::Refund& refund) {
  std::vector<std::size_t> lost;
  const bool any = std::any_of(record.grants.begin(), record.grants.end(), [&](const auto& grant) {
    return QualifyingRule(rules, grant) != nullptr;
  });
  if (!any) return lost;
  const auto after = ledger::AfterRefund(record, refund);
  if (!after.ok()) return lost;  // Whoever books the refund says what is wrong.
  const auto remainder = Remainder::Of(programme, order, after.value(), rules);
  if (!remainder.ok() && remainder.error().code == ErrorCode::kGone) return lost;
  if (!remainder.ok()) return remainder.error();
  for (std::size_t i = 0; i < record.grants.size(); ++i) {
    const EarnRule* rule = QualifyingRule(rules, record.grants[i]);
    if (rule == nullptr) continue;
    if (!remainder.value().Earns(*rule)) lost.push_back(i);
  }
  return lost;
}

}  // namespace passmint::issuance
