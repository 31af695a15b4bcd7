#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "ledger/asset.h"
#include "ledger/lot.h"

namespace passmint::ledger {

// Totals over all lots of an asset, loaded or not.
struct Balance {
  std::int64_t pending = 0;
  std::int64_t available = 0;
  std::int64_t held = 0;
  std::int64_t debt = 0;  // > 0 only while available = 0.

  std::int64_t active() const { return available + held; }
  friend bool operator==(const Balance&, const Balance&) = default;
};

// An account as a command sees it. `lots` may be a part of what there is: see Need. A default one
// (with an id) is an account that has no entry yet.
struct Account {
  AccountId id;
  std::int64_t sequence = 0;  // Of the last entry.
  std::string head;     // Its hash (32 bytes); the genesis hash before the first, see chain.h.
  Timestamp last_time;  // Its time.
  // Nothing is decided at an earlier instant: the latest effective_at of its entries. Not
  // last_time, which several entries of one instant move on by microseconds: what a job posts must
  // not carry a later command past what is due then.
  Timestamp decided_at;
  LotId next_lot = 1;
  std::map<AssetId, Balance> balances;
  std::vector<Lot> lots;    // Sorted by SpentBefore, ids unique.
  std::vector<Hold> holds;  // Open ones, all of them, sorted by id.
  AccountId merged_into;    // Empty: it was not merged.
  LotId merged_offset = 0;  // What was lot n here is lot n + offset there.

  const Balance& balance(const AssetId& asset) const;  // Zero if there is none.
};

// Which lots a command must see. Every Account that is handed to the ledger holds at least
//   - each lot that is due (activation or expiry) at max(now, decided_at), which is the instant at
//     which Apply decides, and each lot with held > 0;
//   - the lots that are named here;
//   - per asset, so many of the available, not yet due lots, in spend order and without a gap, that
//     they sum up to `cover` or are all.
// Lots that are not loaded sort after every loaded available lot that a command may spend.
struct Need {
  std::map<AssetId, std::int64_t> cover;
  std::vector<LotId> lots;
  // Of an activity: every open lot that slides. Then `cover` is summed up over the others alone,
  // for the order of those that slide is about to be another.
  bool sliding = false;
  bool all = false;  // Every lot, closed ones too: merges, state hashes.
};

}  // namespace passmint::ledger
