#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "programme/evaluation.h"
#include "programme/internal/exact.h"

// An order on its way through the stages of an evaluation. Each stage is a function of its own file
// and changes `result`; the order of the stages stands in evaluation.cc.

namespace passmint::programme::internal {

struct Work {
  Work(const RuleSet& rules, const calendar::TimeZone& zone, const Basket& basket,
       const Facts& facts, Timestamp paid_at);

  const RuleSet& rules;
  const Basket& basket;
  const Facts& facts;
  const Moment moment;
  OrderView order;
  bool effective = true;  // The rule set was, when the order was paid.
  Evaluation result;

  LineView View(std::size_t line) const {
    const PricedLine& priced = result.lines[line];
    return {.line = basket.lines[priced.index], .amount = priced.amount};
  }
  void Explain(RuleRef rule, ReasonCode code, std::int32_t line, std::int64_t points,
               std::int64_t minor = 0) {
    result.reasons.push_back({rule, code, line, points, minor});
  }
  // What is left of a member's limit and of a budget; ledger::kAmountMax if there is none.
  std::int64_t MemberLeft(std::string_view rule, const Limits& limits) const;
  std::int64_t BudgetLeft(const Limits& limits) const;
};

// Negative lines go off the lines of their SKU, else of their category, else off all lines. What is
// more than those cost goes off all lines.
void SpreadDiscountLines(Work& work);

// Takes off what the discounts or coupons of one stage give. All percentages of a stage are of what
// the lines cost when it began.
void TakeOff(Work& work, Discount::Stage stage);

// Points pay what is left, within the rules' cap; what they pay earns nothing.
Status PayWithPoints(Work& work);

// Rates, multipliers, grants and stamps on what money pays.
Status Earn(Work& work);

// Cuts what was earned by line, order, member's period and budget, the lowest priority first.
void CutToLimits(Work& work);

Error TooManyPoints();

}  // namespace passmint::programme::internal
