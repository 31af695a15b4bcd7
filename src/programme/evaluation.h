#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "programme/basket.h"
#include "programme/facts.h"
#include "programme/rules.h"

namespace passmint::programme {

// A line of the basket that is no discount, from what it cost to what pays it. Minor units.
//   amount = discount + value + paid
struct PricedLine {
  std::size_t index = 0;      // In the basket.
  std::int64_t amount = 0;    // As sent, less its share of the shop's own discount lines.
  std::int64_t discount = 0;  // Off by tier, group, promotions and coupons.
  std::int64_t burned = 0;    // Points that pay for it, and
  std::int64_t value = 0;     // what they pay.
  std::int64_t paid = 0;      // What money pays: the base of what is earned.
  std::int64_t earned = 0;    // Points of rates; grants on the whole order are not on lines.
  std::int64_t burnable = 0;  // The most points that the rules let pay for it.
  bool eligible = false;      // Some rate takes it.
};

// Which rule of the rule set did it.
struct RuleRef {
  enum class Section : std::uint8_t { kEarn, kDiscounts, kCoupons };
  Section section = Section::kEarn;
  int index = 0;
};

enum class ReasonCode : std::uint8_t {
  kRate,           // Earned by a rate: percent or per_amount.
  kMultiplied,     // What a multiplier added.
  kGranted,        // Granted on the order.
  kDiscounted,     // Taken off.
  kExcludedGoods,  // The rule's "exclude" names the line.
  kOnceOnly,       // The member had it already.
  kLineLimit,      // Cut by so much: by the rule's limit or the rule set's.
  kOrderLimit,
  kMemberLimit,
  kBudgetSpent,
  kCouponUnfit,  // A coupon that takes nothing off this order.
};

// Why a line or the order has what it has. Numbers, not sentences: whoever tells people makes them.
struct Reason {
  RuleRef rule;
  ReasonCode code = ReasonCode::kRate;
  std::int32_t line = -1;   // Index into Evaluation::lines; -1: the order.
  std::int64_t points = 0;  // Earned or granted; or cut, negative.
  std::int64_t minor = 0;   // Taken off.
};

// What one rule gave, rounded once. For a multiplier one for each rule that it multiplied.
struct Given {
  int rule = 0;                 // Index into RuleSet::earn.
  int multiplied = kNone;       // Of a multiplier: the rule whose points it multiplied.
  std::int64_t base_minor = 0;  // What money paid for the lines that it took.
  std::int64_t ppm = 0;         // Its rate; 0 if that is no single number of millionths.
  std::int64_t before_limits = 0;
  std::int64_t points = 0;
  bool on_order = false;  // A grant on the order; else split over the lines.
};

// What an order earns, costs and burns. Pure numbers; quote.h makes ledger commands of it.
struct Evaluation {
  std::vector<PricedLine> lines;
  std::vector<Given> given;
  std::vector<std::int64_t> shares;  // of given[g] on lines[l]: shares[g * lines.size() + l]
  struct Stamped {
    int rule = 0;
    std::int64_t count = 0;
    std::vector<std::int64_t> by_line = {};  // Of lines[l]; empty: all of it is the order's.
  };
  std::vector<Stamped> stamps;
  std::vector<Reason> reasons;
  std::vector<int> advice;  // Indexes into RuleSet::advice: goods to recommend.
  std::int64_t amount = 0;  // Sums over the lines.
  std::int64_t discount = 0;
  std::int64_t wanted = 0;  // Points that the basket asked to burn; more than `burned` if capped.
  std::int64_t burned = 0;
  std::int64_t value = 0;
  std::int64_t paid = 0;
  std::int64_t earned = 0;  // Points of everything given.

  std::int64_t ShareOf(std::size_t given_index, std::size_t line) const {
    return shares[given_index * lines.size() + line];
  }
};

// Evaluates an order in the order that README.md states. `paid_at` is what windows and conditions
// look at. The same arguments give the same evaluation for ever.
//
// Fails with kInvalidArgument, each with the pointer into the order: "points_over_line" (more
// points than the line costs), "points_over_order" (more than the rules let points pay),
// "points_excluded" (goods that points may not pay), "out_of_range" (points that are worth less
// than the smallest coin), "amount_too_large" (it would earn more points than there may be).
//
// REQUIRES: amounts add up to >= 0, at most ledger::kAmountMax each; quantities > 0.
Result<Evaluation> Evaluate(const RuleSet& rules, const calendar::TimeZone& zone,
                            const Basket& basket, const Facts& facts, Timestamp paid_at);

}  // namespace passmint::programme
