#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/account.h"
#include "ledger/apply.h"
#include "ledger/command.h"
#include "ledger/entry.h"
#include "ledger/internal/flow.h"

namespace passmint::ledger::internal {

// The document that stands for a hold.
Document DocumentOf(const Hold& hold);

// Adds a command's amount to a sum. False, and nothing is added, if the amount is negative or
// either would be beyond kAmountMax.
bool AddTo(std::int64_t& sum, std::int64_t amount);

// Adds lot.original to the lot of `lots` that lives and dies with it and is paid by the same; puts
// it there if there is none.
void AddToLots(std::vector<Lot>& lots, Lot lot);

// A change in the making. Points move by the functions of this class alone; each keeps the lot, the
// balance and the books of the entry in step, so that they cannot disagree. A refusal half-way
// drops the draft, and with it everything.
class Draft {
 public:
  Draft(Account account, const Context& context);

  // The instant of the decision. Does not go back, whatever the clock says.
  Timestamp now() const { return now_; }
  // The instant at which the entries that are being made are true.
  Timestamp instant() const { return by_time_ ? due_ : now_; }
  const Policy& policy() const { return context_.policy; }
  const Account& account() const { return change_.account; }
  const Balance& balance(const AssetId& asset) const { return account().balance(asset); }
  std::int64_t next_sequence() const { return account().sequence + 1; }
  const std::vector<Hold>& ended() const { return change_.ended; }
  Totals& totals() { return change_.totals; }
  Change& change() { return change_; }

  // Entries that follow are due to time, at `due`; or, which is how a draft begins, to the command.
  void ByTime(Timestamp due);
  void ByCommand();

  // The command is an activity: lots live on as Context::slides says, and the next entry by the
  // command says so. Whether any does. REQUIRES: what is due is posted; such an entry follows.
  bool LiveOn();

  // Every move of points lies in an entry: between Begin and End. `asset` is the one whose
  // available points the entry reports.
  Entry& Begin(EntryType type, const AssetId& asset, const Document& document);
  void End();
  // REQUIRES: one was begun.
  Entry& entry() { return change_.entries.back().entry; }

  // Null if it is not loaded. Pointers and indexes are good until the next Create.
  Lot* FindLot(LotId id);
  Lot& LotAt(std::size_t index) { return change_.account.lots[index]; }

  // Fails with amount_too_large if `amount` more would be beyond what an account can have.
  Status CheckRoom(const AssetId& asset, std::int64_t amount) const;

  // REQUIRES: 0 <= amount <= lot.*flow.from.
  void Move(Lot& lot, const Flow& flow, std::int64_t amount);

  // Moves available points of lots in spend order; what was taken of each. Fails with
  // insufficient_points, or kInternal if the loaded lots do not hold what the balance says.
  Result<std::vector<Hold::Part>> Take(const AssetId& asset, std::int64_t amount, const Flow& flow);

  // Makes a lot with an id of its own, out of a book; returns the id. What is to be activated later
  // than now is pending. REQUIRES: there is room.
  LotId Create(Lot lot, Book from);

  // Takes on lots of another account as they are; their ids follow next_lot. REQUIRES: there is
  // room.
  void Adopt(std::vector<Lot> lots);

  // Debt goes up (amount > 0) or down; the other book is `with`.
  void MoveDebt(const AssetId& asset, std::int64_t amount, Book with, const std::string& funder);

  // A movement between two books that are not the member's.
  void Post(const AssetId& asset, Book debit, Book credit, std::int64_t amount,
            const std::string& funder);

  // Pays debt with what is available, each asset in an entry of its own.
  Status OffsetDebt(const Document& document);

  void Open(const Hold& hold);
  // Takes an open hold out of the account and notes how it ended.
  void Close(Hold hold);

  // Ends the account: its holds, which live on elsewhere, are gone from it. REQUIRES: nothing else
  // is left in it.
  void MergeInto(const AccountId& winner, LotId offset);

  // Encodes and chains the entries. Fails with kInternal if an invariant is broken.
  Result<Change> Finish() &&;
  // Without entries: as if nothing had been posted.
  Account Discard() &&;

 private:
  Balance& BalanceOf(const AssetId& asset) { return change_.account.balances[asset]; }

  void Touch(LotId lot) { in_entry_.push_back(lot); }
  void Insert(Lot lot);

  const Context& context_;
  Timestamp now_;
  std::int64_t first_sequence_;
  Timestamp first_time_;
  Timestamp first_decided_at_;

  bool by_time_ = false;
  Timestamp due_;
  bool noted_ = false;         // The note's hash is in an entry.
  std::vector<Slide> slides_;  // That no entry has said yet.

  AssetId asset_;  // Of the entry in the making,
  std::int64_t available_before_ = 0;
  std::vector<LotId> in_entry_;  // and the lots that it touched.

  Change change_;
};

}  // namespace passmint::ledger::internal
