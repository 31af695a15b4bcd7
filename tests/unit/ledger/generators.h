#pragma once

#include <rapidcheck.h>

#include "ledger/account.h"
#include "ledger/entry.h"
#include "ledger/order.h"

// Values of the ledger as the codec must carry them: every field, every flag, also what no command
// would make. Amounts lie around the places where their length changes.

namespace passmint::ledger::testing {

rc::Gen<Lot> AnyLot();
rc::Gen<Hold> AnyHold();
rc::Gen<OrderRecord> AnyOrder();
rc::Gen<Entry> AnyEntry();
rc::Gen<Account> AnyState();  // Without id, sequence and head.

}  // namespace passmint::ledger::testing
