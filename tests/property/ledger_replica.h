#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/apply.h"
#include "ledger/rebuild.h"
#include "support/ledger_model.h"
#include "support/ledger_script.h"

namespace passmint::testing {

enum class Loading { kEverything, kOnlyWhatIsNeeded };

// The product with the smallest store that can be: it keeps lots by id, and hands the ledger either
// all of them or no more than NeedOf and Need promise. After every command it checks what a store
// could check: that entries chain and rebuild the account, that time grows, that invariants hold.
class LedgerReplica {
 public:
  explicit LedgerReplica(Loading loading);

  // Runs a command. `wrong` collects whatever the product broke, in words.
  LedgerModel::Answer Run(const LedgerAction& action, std::vector<std::string>& wrong);

  // With every lot.
  ledger::Account Whole(const AccountId& account) const;
  const std::map<ledger::OrderKey, ledger::OrderRecord>& Orders(const AccountId& account) const;
  LedgerModel::Books BooksOf(const AccountId& account) const;
  Timestamp LastTime(const AccountId& account) const;

 private:
  struct Kept {
    ledger::Account head;  // Without lots and holds.
    std::map<ledger::LotId, ledger::Lot> lots;
    std::map<HoldId, ledger::Hold> open;
    std::map<HoldId, ledger::Hold> ended;
    std::map<ledger::OrderKey, ledger::OrderRecord> orders;
    LedgerModel::Books books;
    ledger::Rebuilder rebuilder;
  };

  Kept& Of(const AccountId& account) { return kept_.at(account); }
  ledger::Account Load(const AccountId& account, const ledger::Need& need, Timestamp now) const;
  ledger::Account LoadFor(const LedgerAction& action) const;
  void Keep(const AccountId& id, const ledger::Change& change, const ledger::Account& before,
            std::vector<std::string>& wrong);
  void KeepEntry(Kept& kept, const ledger::PostedEntry& posted, std::vector<std::string>& wrong);
  void CheckRebuilt(Kept& kept, std::vector<std::string>& wrong);

  LedgerModel::Answer RunCommand(const LedgerAction& action, std::vector<std::string>& wrong);
  LedgerModel::Answer AboutEndedHold(const LedgerAction& action, std::vector<std::string>& wrong);
  LedgerModel::Answer RunMove(const LedgerAction& action, std::vector<std::string>& wrong);
  LedgerModel::Answer RunMerge(const LedgerAction& action, std::vector<std::string>& wrong);

  Loading loading_;
  std::map<AccountId, Kept> kept_;
};

// The first difference between two accounts in balances, lots, open holds and merging; empty if
// there is none. Assets with nothing in them count as absent.
std::string Difference(const ledger::Account& a, const ledger::Account& b);

}  // namespace passmint::testing
