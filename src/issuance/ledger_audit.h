#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "issuance/ledger_tables.h"
#include "issuance/store.h"
#include "ledger/checkpoint.h"
#include "ledger/verify.h"

// Proofs over the whole ledger, while it is in use. `programmes` are all that have accounts.
namespace passmint::issuance {

// Told of the progress now and then; a failure ends the work with it.
using OnAudit = std::function<Status(const ledger::JournalReport& so_far)>;

// Folds every journal and compares the outcome with the stored accounts: hashes, gaps, double
// entry, balances, lots, holds and orders (their rows, too: ended holds, and what refunds made of
// an order). Some ten thousand entries a snapshot, so that nothing waits for it; an account is
// always judged within one. Fails as Store::Read and `on_audit`.
Result<ledger::JournalReport> VerifyJournals(const Store& store,
                                             const std::vector<ProgrammeId>& programmes,
                                             const OnAudit& on_audit);

// How far every chain has come, and the settled state of every account, in one snapshot. Keeps
// about 300 bytes an account in memory. Fails as Store::Read and `on_audit` (which is told of
// accounts only).
Result<ledger::Checkpoint> TakeCheckpoint(const Store& store,
                                          const std::vector<ProgrammeId>& programmes,
                                          const std::string& previous, const OnAudit& on_audit);

// Whether everything that a checkpoint saw is still there. Fails as Store::Read.
Result<ledger::CheckpointReport> CompareWithStore(const Store& store,
                                                  const ledger::Checkpoint& checkpoint);

// Hands over every entry of a programme, by account and sequence. Fails as Store::Read and
// `on_entry`.
Status ForEachEntry(const Store& store, const ProgrammeId& programme,
                    const std::function<Status(const JournalEntry&)>& on_entry);

}  // namespace passmint::issuance
