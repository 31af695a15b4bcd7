#pragma once

#include "ledger/asset.h"
#include "ledger/entry.h"

namespace passmint::ledger {

// The asset whose available amount the entry reports.
AssetId AssetOf(const Entry& entry);

}  // namespace passmint::ledger
