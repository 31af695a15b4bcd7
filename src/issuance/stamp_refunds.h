#pragma once

#include <vector>

#include "base/result.h"
#include "issuance/points_summary.h"
#include "issuance/refunds.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/order.h"
#include "programme/rules.h"

namespace passmint::issuance {

// A refund whose points are booked.
struct StampRefund {
  const Order& order;
  const programme::RuleSet& rules;    // That judged the order.
  AccountId account;                  // That has its points now.
  const ledger::OrderRecord& before;  // As that account knows it,
  const ledger::OrderRecord& after;   // and with the refund.
  const RefundRequest& refund;
  const std::vector<BookedRefund>& earlier;
};

// Takes back which of the order's stamps its rules' `on_refund` say: in proportion to what money
// paid for the line (or the order) or to the line's units, if those are more, in cumulative floors;
// or all of them. Each card is an entry of
// its own; of a round that was cashed in the stamps are owed. Returns what was taken, negative, and
// puts the balances after it into `points`. Fails as ledger::ApplyClawBack.
Result<std::vector<StampMove>> TakeStampsBack(Transaction& transaction,
                                              const ProgrammeSite& programme,
                                              const StampRefund& refund, PointsSummary& points);

}  // namespace passmint::issuance
