#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/account.h"
#include "ledger/chain.h"
#include "ledger/entry.h"
#include "ledger/order.h"

namespace passmint::ledger {

// Rebuilds an account from its entries, one after the other, and proves on the way: no gap, hashes
// chain, bodies decode, time grows, double entry holds, lots and books agree after each entry.
class Rebuilder {
 public:
  Rebuilder(const ProgrammeId& programme, const AccountId& account);

  // Fails with kInternal at the first entry that is wrong: reason "journal_gap", "journal_hash",
  // "journal_body", "journal_time", "journal_books", with the account and sequence in the message.
  // After a failure only account() as it was before is meaningful.
  Status Add(std::int64_t sequence, std::string_view body, std::string_view hash);

  // Every lot, closed ones too.
  const Account& account() const { return account_; }
  const std::map<OrderKey, OrderRecord>& orders() const { return orders_; }
  // All holds, ended ones too.
  const std::map<HoldId, Hold>& holds() const { return holds_; }

 private:
  Account account_;
  std::map<OrderKey, OrderRecord> orders_;
  std::map<HoldId, Hold> holds_;
  // (further members as the implementation needs)
};

// SHA-256 (raw) over everything that an account amounts to at an instant: balances, all lots, open
// holds; not sequence, head or last_time, so that two journals that got there by different postings
// of due changes agree. REQUIRES: `settled` comes from Settled() with all lots loaded.
std::string StateHash(const Account& settled);

}  // namespace passmint::ledger
