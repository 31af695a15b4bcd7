#pragma once

#include <utility>

#include "base/result.h"
#include "ledger/account.h"
#include "ledger/apply.h"
#include "ledger/command.h"

namespace passmint::ledger {

// As ApplyMove, for what is given to a charity: the entries say donate, and what arrives never
// expires.
Result<std::pair<Change, Change>> ApplyDonation(const Account& from, const Account& to,
                                                const Move& move, const Context& context);

}  // namespace passmint::ledger
