#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "ledger/account.h"
#include "ledger/chain.h"
#include "ledger/entry.h"
#include "ledger/order.h"

namespace passmint::ledger {

// Rebuilds an account from its entries, one after the other, and proves on the way: no gap, hashes
// chain, bodies decode, time grows, double entry holds, lots, holds and books agree after each
// entry. An entry costs what it touches, however many lots there are; that of an activity, what
// slides.
class Rebuilder {
 public:
  Rebuilder(const ProgrammeId& programme, const AccountId& account);

  // Fails with kInternal at the first entry that is wrong: reason "journal_gap", "journal_hash",
  // "journal_body", "journal_time", "journal_books", with the account and sequence in the message.
  // After a failure nothing more can be added, and account() is meaningless; last() stays.
  Status Add(std::int64_t sequence, std::string_view body, std::string_view hash);

  // Sequence of the last entry that was right.
  std::int64_t last() const { return account_.sequence; }

  // Every lot, closed ones too. Copies what changed since the last call: O(number of lots).
  const Account& account();
  const std::map<OrderKey, OrderRecord>& orders() const { return orders_; }
  // All holds, ended ones too, but those that a merge took elsewhere.
  const std::map<HoldId, Hold>& holds() const { return holds_; }

 private:
  // What transfers alone say about the member's books.
  struct Books {
    std::int64_t pending = 0;
    std::int64_t active = 0;
    std::int64_t debt = 0;
  };

  // Each says what is wrong, or nothing.
  std::string Post(const Transfer& transfer);
  std::string Fold(const Lot& lot);
  std::string Fold(const Hold& hold);
  std::string Fold(const Slide& slide, Timestamp at);
  std::string FoldAll(const Entry& entry);
  std::string Compare(const Entry& entry) const;
  void LeaveTo(const Entry& entry);
  Error Wrong(std::string_view reason, std::int64_t sequence, std::string_view what) const;

  Account account_;  // Its lots and holds are filled by account().
  bool current_ = true;
  bool failed_ = false;
  std::map<LotId, Lot> lots_;
  std::set<LotId> sliding_;  // Open ones that activities move.
  std::map<HoldId, Hold> holds_;
  std::set<HoldId> open_;
  std::map<LotId, std::int64_t> held_;  // By open holds.
  std::map<AssetId, Books> books_;
  std::map<OrderKey, OrderRecord> orders_;
};

// SHA-256 (raw) over everything that an account amounts to at an instant: balances, all lots, open
// holds; not sequence, head or times, so that two journals that got there by different postings
// of due changes agree. REQUIRES: `settled` comes from Settled() with all lots loaded.
std::string StateHash(const Account& settled);

}  // namespace passmint::ledger
