#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/command.h"
#include "ledger/order.h"
#include "programme/rules.h"

namespace passmint::issuance {

// Indexes of the order's grants that what the refund leaves of it does not earn any more
// (programme::OnRefund::kWhileQualifying). `record`: the order as it is before the refund; `rules`:
// those that judged it. Of an order whose lines were erased nothing can be said: its grants stay
// until all of it is refunded.
Result<std::vector<std::size_t>> LostGrants(const ProgrammeSite& programme, const Order& order,
                                            const ledger::OrderRecord& record,
                                            const programme::RuleSet& rules,
                                            const ledger::Refund& refund);

// Whether what refunds left of an order (`after`) would still get what the rule gave it. Yes of an
// order whose lines were erased.
Result<bool> StillEarns(const ProgrammeSite& programme, const Order& order,
                        const ledger::OrderRecord& after, const programme::RuleSet& rules,
                        const programme::EarnRule& rule);

}  // namespace passmint::issuance
