#include "programme/evaluation.h"

#include <algorithm>

#include "programme/internal/work.h"

namespace passmint::programme {
namespace internal {
namespace {

std::string_view NameOfLevel(const RuleSet& rules, int level) {
  if (level < 0 || static_cast<std::size_t>(level) >= rules.tiers.levels.size()) return "";
  return rules.tiers.levels[static_cast<std::size_t>(level)].name;
}

}  // namespace

Work::Work(const RuleSet& rule_set, const calendar::TimeZone& zone, const Basket& order_basket,
           const Facts& member_facts, Timestamp paid_at)
    : rules(rule_set),
      basket(order_basket),
      facts(member_facts),
      moment(paid_at, zone),
      order{.basket = basket,
            .facts = facts,
            .moment = moment,
            .tier = NameOfLevel(rules, facts.tier.level)},
      effective(!rules.effective_from || paid_at >= *rules.effective_from) {}

}  // namespace internal

namespace {

using internal::Work;
using Section = RuleRef::Section;

// A coupon that was brought and took nothing off is worth a word.
void ExplainUnfitCoupons(Work& work) {
  const std::vector<Discount>& coupons = work.rules.coupons;
  for (std::size_t i = 0; i < coupons.size(); ++i) {
    const auto& brought = work.basket.coupons;
    if (std::find(brought.begin(), brought.end(), coupons[i].id) == brought.end()) continue;
    const auto& reasons = work.result.reasons;
    const bool worked = std::any_of(reasons.begin(), reasons.end(), [i](const Reason& reason) {
      return reason.rule.section == Section::kCoupons && reason.rule.index == static_cast<int>(i) &&
             reason.code == ReasonCode::kDiscounted;
    });
    if (!worked) {
      work.Explain({Section::kCoupons, static_cast<int>(i)}, ReasonCode::kCouponUnfit, -1, 0);
    }
  }
}

// Goods to recommend: SKUs that are not in the basket already are left to whoever shows them.
void Advise(Work& work) {
  const std::vector<Advice>& all = work.rules.advice;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!IsOpen(all[i].gate, work.order)) continue;
    for (std::size_t line = 0; line < work.result.lines.size(); ++line) {
      if (Takes(all[i].gate, work.order, work.View(line)) != Taken::kYes) continue;
      work.result.advice.push_back(static_cast<int>(i));
      break;
    }
  }
}

// Once limits have cut what there is to cut: sums, and one reason per rule and line.
void SumUp(Work& work) {
  Evaluation& result = work.result;
  for (std::size_t g = 0; g < result.given.size(); ++g) {
    const Given& given = result.given[g];
    if (given.points == 0) continue;
    result.earned += given.points;
    const RuleRef rule{Section::kEarn, given.rule};
    if (given.on_order) {
      work.Explain(rule, ReasonCode::kGranted, -1, given.points);
      continue;
    }
    const ReasonCode code = given.multiplied == kNone ? ReasonCode::kRate : ReasonCode::kMultiplied;
    for (std::size_t line = 0; line < result.lines.size(); ++line) {
      const std::int64_t share = result.ShareOf(g, line);
      if (share == 0) continue;
      result.lines[line].earned += share;
      work.Explain(rule, code, static_cast<std::int32_t>(line), share);
    }
  }
}

}  // namespace

Result<Evaluation> Evaluate(const RuleSet& rules, const calendar::TimeZone& zone,
                            const Basket& basket, const Facts& facts, Timestamp paid_at) {
  Work work(rules, zone, basket, facts, paid_at);
  internal::SpreadDiscountLines(work);
  internal::TakeOff(work, Discount::Stage::kStanding);
  internal::TakeOff(work, Discount::Stage::kPromotion);
  internal::TakeOff(work, Discount::Stage::kItemCoupon);
  internal::TakeOff(work, Discount::Stage::kOrderCoupon);
  if (Status paid = internal::PayWithPoints(work); !paid.ok()) return std::move(paid).error();
  if (Status earned = internal::Earn(work); !earned.ok()) return std::move(earned).error();
  internal::CutToLimits(work);
  SumUp(work);
  if (work.result.earned > ledger::kAmountMax) return internal::TooManyPoints();
  ExplainUnfitCoupons(work);
  Advise(work);
  return std::move(work.result);
}

}  // namespace passmint::programme
