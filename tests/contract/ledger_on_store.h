#pragma once

#include <string>
#include <utility>

#include "base/ids.h"
#include "issuance/store.h"
#include "support/ledger_script.h"

namespace passmint::testing {

// Runs the commands of a script on one programme of a store, each in a transaction of its own and
// with no more loaded than the ledger asks for, as the service does.
class LedgerOnStore {
 public:
  // The store outlives it.
  LedgerOnStore(issuance::Store& store, ProgrammeId programme)
      : store_(store), programme_(std::move(programme)) {}

  // The reason of the refusal, which changes nothing; empty if it was done.
  std::string Run(const LedgerAction& action);
  // What a job does that posts what is due at `now`.
  std::string Post(const AccountId& account, Timestamp now);

  // Of the account settled at `at`, in hex.
  std::string StateHash(const AccountId& account, Timestamp at);

 private:
  using Transaction = issuance::Transaction;

  Status RunCommand(Transaction& transaction, const LedgerAction& action);
  Result<ledger::Change> AboutEndedHold(Transaction& transaction, const LedgerAction& action,
                                        const ledger::Account& account);
  Status RunMove(Transaction& transaction, const LedgerAction& action);
  Status RunMerge(Transaction& transaction, const LedgerAction& action);
  // The order as the account that has its points now knows it.
  Result<ledger::OrderRecord> FindRecord(Transaction& transaction, const LedgerAction& action);
  Status SaveOrder(Transaction& transaction, const LedgerAction& action,
                   const ledger::Change& change);
  Result<ledger::Account> Load(Transaction& transaction, const AccountId& account,
                               const ledger::Need& need, Timestamp now);
  // Both in the order in which they are to be locked.
  Result<std::pair<ledger::Account, ledger::Account>> LoadBoth(Transaction& transaction,
                                                               const LedgerAction& action,
                                                               const ledger::Need& need,
                                                               const ledger::Need& other);
  Status SaveBoth(Transaction& transaction,
                  const Result<std::pair<ledger::Change, ledger::Change>>& changes);

  issuance::Store& store_;
  const ProgrammeId programme_;
};

}  // namespace passmint::testing
