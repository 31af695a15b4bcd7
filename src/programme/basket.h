#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/order.h"

namespace passmint::programme {

enum class LineKind { kProduct, kDelivery, kTip, kDiscount };

struct BasketLine {
  std::string line_id;
  LineKind kind = LineKind::kProduct;
  std::string sku = {};
  std::string category = {};
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
  std::string source = {};
  std::string location = {};
  // Ids of the coupons (RuleSet::coupons) whose codes the order brings and which may still be used.
  std::vector<std::string> coupons = {};
};

}  // namespace passmint::programme
