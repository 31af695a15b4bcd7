#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "ledger/command.h"
#include "ledger/order.h"
#include "programme/rules.h"

namespace passmint::programme {

enum class LineKind { kProduct, kDelivery, kTip, kDiscount };

struct BasketLine {
  std::string line_id;
  LineKind kind = LineKind::kProduct;
  ledger::Quantity quantity = ledger::kUnit;  // > 0.
  std::int64_t amount = 0;                    // Minor units; < 0 for discounts only.
  std::int64_t points = 0;                    // To burn on the line, or
  ledger::Quantity points_quantity = 0;       // so many units to be paid by points.
};

// Amounts add up to >= 0; line ids are unique.
struct Basket {
  std::vector<BasketLine> lines;
  int currency_exponent = 2;
  // Burn at most this many points, cutting the last lines first; nothing: all that is asked for.
  std::optional<std::int64_t> burn_at_most;
};

// Points that one rule gave for one line.
struct EarnedOn {
  std::string rule;
  std::string line_id;
  std::int64_t points = 0;
};

// What an order earns and burns, ready for ledger::PayOrder.
struct Quote {
  ledger::OrderRecord order;  // Lines without discounts, which are spread over the others.
  std::vector<ledger::Earning> earnings;
  std::vector<EarnedOn> reasons;
  std::int64_t wanted = 0;  // Points that the basket asked to burn; more than `burned` if capped.
  std::int64_t burned = 0;
  std::int64_t earned = 0;
};

// The order of evaluation: discounts are spread (by largest remainder), points pay, what money pays
// is what earns; each rule rounds once per order and is split over the product lines.
//
// Fails with kInvalidArgument, each with the pointer into the order: "points_over_line" (more
// points than the line costs), "points_over_order" (more than the rules let points pay),
// "out_of_range" (points that are worth less than the smallest coin), "amount_too_large" (it would
// earn more points than there may be).
Result<Quote> MakeQuote(const RuleSet& rules, const calendar::TimeZone& zone, const Basket& basket,
                        Timestamp now);

}  // namespace passmint::programme
