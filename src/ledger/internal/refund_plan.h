#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "ledger/command.h"
#include "ledger/order.h"

namespace passmint::ledger::internal {

// What a refund means for the order's counters, before any lot is touched.
struct RefundPlan {
  struct Line {
    std::size_t line = 0;
    std::int64_t amount = 0;   // Gross minor units.
    std::int64_t restore = 0;  // Points.
    std::int64_t claw = 0;
  };
  OrderRecord after;        // But for Allocation::returned.
  std::vector<Line> lines;  // Each line of the order that it touches, once.
  std::int64_t restore = 0;
  std::int64_t claw = 0;  // With grants.
};

// Fails with over_refund, amount_too_large, invalid_command.
Result<RefundPlan> PlanRefund(const OrderRecord& order, const Refund& refund);

}  // namespace passmint::ledger::internal
