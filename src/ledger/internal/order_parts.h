#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "ledger/command.h"
#include "ledger/internal/draft.h"
#include "ledger/order.h"

// What an order that is paid and one that is imported have in common.

namespace passmint::ledger::internal {

// What an order's lines come to.
struct Sums {
  std::int64_t gross = 0;
  std::int64_t earned = 0;  // With grants.
  std::int64_t burned = 0;
};

// Fails with invalid_command, amount_too_large.
Result<Sums> SumUp(const OrderRecord& order);

// Whether lots can be made of them and there is room. Fails with invalid_command, amount_too_large.
Status CheckEarnings(const Draft& draft, const std::vector<Earning>& earnings);

// What Apply fills is empty at first.
OrderRecord Fresh(OrderRecord order);

// The first line gets what was taken first. REQUIRES: the parts sum up to what the lines burned.
void Allocate(std::vector<LineRecord>& lines, std::vector<Hold::Part> parts);

// What lives and dies together is one lot.
std::vector<Lot> LotsOf(const std::vector<Earning>& earnings, const Document& document);

}  // namespace passmint::ledger::internal
