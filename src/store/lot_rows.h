#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ledger/account.h"
#include "ledger/apply.h"
#include "sql/connection.h"

namespace passmint::store {

// An account's own row holds its open lots as long as they are at most kNearLotsMax; with more, the
// kNearLotsKept that are spent first (about 30 bytes each: a row stays below a page) and all that
// are held. The others, and closed ones, have rows in table lot. Every available lot there is spent
// after every available one in the account's row.
inline constexpr std::size_t kNearLotsMax = 48;
inline constexpr std::size_t kNearLotsKept = 24;

// What LotRows::Load leaves for LotRows::Save.
struct LoadedLots {
  std::set<ledger::LotId> rows;  // Loaded lots that stand in table lot.
  // Open lots there, loaded or not, and those of them that are loaded; of both, those that slide.
  std::int64_t far_lots = 0;
  std::int64_t far_loaded = 0;
  std::int64_t far_sliding = 0;
  std::int64_t far_sliding_loaded = 0;
  // (expires_at, id) of the first available one that is not loaded.
  std::optional<std::pair<Timestamp, ledger::LotId>> first_unloaded;
};

// The lots of one account, of which some stand in the account's row and some in table lot.
class LotRows {
 public:
  LotRows(sql::Connection& connection, const ProgrammeId& programme, const AccountId& account)
      : connection_(connection), programme_(programme), account_(account) {}

  // Adds to `account`, which holds the lots of its row, those of table lot that `need` asks for.
  // REQUIRES: `loaded` says what the account's row says of far lots, and nothing else.
  Status Load(ledger::Account& account, const ledger::Need& need, Timestamp now,
              LoadedLots& loaded);

  // Writes the lots that have no place in the account's row.
  struct Near {
    ledger::Account account;  // With the lots that stand in its row only.
    std::int64_t far_lots = 0;
    std::int64_t far_sliding = 0;
    Timestamp far_due = ledger::kNever;
  };
  Result<Near> Save(const ledger::Change& change, const LoadedLots& loaded);

 private:
  Status LoadDue(ledger::Account& account, Timestamp now, LoadedLots& loaded);
  Status LoadNamed(ledger::Account& account, const ledger::Need& need, LoadedLots& loaded);
  Status LoadSliding(ledger::Account& account, LoadedLots& loaded);
  Status LoadAll(ledger::Account& account, LoadedLots& loaded);
  Status LoadCover(ledger::Account& account, const ledger::Need& need, Timestamp now,
                   LoadedLots& loaded);
  Status FindFirstUnloaded(const ledger::Account& account, LoadedLots& loaded);
  Status Add(ledger::Account& account, const sql::Row& row, LoadedLots& loaded);
  Status Write(const ledger::Lot& lot);

  sql::Connection& connection_;
  const ProgrammeId& programme_;
  const AccountId& account_;
};

}  // namespace passmint::store
