#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "json/json.h"
#include "ledger/account.h"
#include "ledger/apply.h"
#include "ledger/order.h"

namespace passmint::issuance {

// An entry as it lies in the journal.
struct JournalEntry {
  AccountId account;
  std::int64_t sequence = 0;
  std::string body;  // ledger::DecodeBody reads it.
  std::string hash;
};

// What a person wrote beside an entry. Erasable: the entry commits to it by NoteHash(salt, text).
struct Note {
  std::int64_t sequence = 0;  // Of the entry.
  std::string salt;           // 16 random bytes.
  Json text;                  // {"reason": ..., "document_name": ..., "comment": ...}
};

struct StoredRefund {
  std::string id;           // The shop's, unique in the order.
  std::string fingerprint;  // HMAC of the request's content.
  Timestamp received_at;
  Json answer;  // amount, lines and what it moved; no personal data.
};

// A refund that came before its order.
struct ParkedRefund {
  std::string id;
  std::string fingerprint;
  Timestamp received_at;
  Json request;
  std::string actor;
};

// Where a hold is. Its parts lie in the account while it is open.
struct LocatedHold {
  AccountId account;
  std::string card;                   // Id of the card that was shown for it; empty if none.
  std::optional<ledger::Hold> ended;  // As it ended; nothing while it is open.
};

// The ledger's half of an order.
struct LocatedRecord {
  AccountId account;
  ledger::OrderRecord record;
};

struct DueAccount {
  ProgrammeId programme;
  AccountId account;
};

// The ledger's part of a Transaction (store.h), with the same failures and the same life.
//
// In a write transaction LoadAccount locks the account until the end, after its owner. Two accounts
// are locked in ascending order of their ids.
class LedgerTables {
 public:
  // An account with the lots that `need` asks for at `now`; one without entries if it is new.
  virtual Result<ledger::Account> LoadAccount(const ProgrammeId&, const AccountId&,
                                              const ledger::Need& need, Timestamp now) = 0;
  // Appends the entries and replaces the account by what it is after them. `change` was decided on
  // what LoadAccount of this transaction returned. The order's record is not written: UpdateRecord.
  // Fails with kUnavailable, reason "lost_race", if another process was faster.
  virtual Status SaveChange(const ProgrammeId&, const ledger::Change& change) = 0;
  // Accounts with something due at `now`, the longest due first.
  virtual Result<std::vector<DueAccount>> DueAccounts(Timestamp now, int limit) = 0;
  // The first instant after `now` at which something becomes due on any account; kNever if none.
  virtual Result<Timestamp> NextDueAfter(Timestamp now) = 0;

  // Newest first: entries with sequence < before (0: all). FindEntry: nothing if there is none.
  virtual Result<std::vector<JournalEntry>> EntriesBefore(const ProgrammeId&, const AccountId&,
                                                          std::int64_t before, int limit) = 0;
  virtual Result<std::optional<JournalEntry>> FindEntry(const ProgrammeId&, const AccountId&,
                                                        std::int64_t sequence) = 0;
  // For verifying and export, over all accounts of a programme in (account, sequence) order, after
  // the given position (empty: from the beginning).
  virtual Result<std::vector<JournalEntry>> EntriesAfter(const ProgrammeId&,
                                                         const AccountId& account,
                                                         std::int64_t sequence, int limit) = 0;
  // Accounts by id, after the given one.
  virtual Result<std::vector<AccountId>> AccountsAfter(const ProgrammeId&, const AccountId& after,
                                                       int limit) = 0;

  virtual Status PutNote(const ProgrammeId&, const AccountId&, const Note&) = 0;
  // Of entries first <= sequence <= last.
  virtual Result<std::vector<Note>> Notes(const ProgrammeId&, const AccountId&, std::int64_t first,
                                          std::int64_t last) = 0;
  virtual Status EraseNotes(const ProgrammeId&, const AccountId&) = 0;

  // False if the id is taken; then nothing was written. EndHold records how it ended (SaveChange
  // does it for the holds of Change::ended).
  virtual Result<bool> InsertHold(const ProgrammeId&, const HoldId&, const AccountId&,
                                  const std::string& card) = 0;
  virtual Result<std::optional<LocatedHold>> FindHold(const ProgrammeId&, const HoldId&) = 0;
  // After a merge: every hold of `from` is found in `to`.
  virtual Status MoveHolds(const ProgrammeId&, const AccountId& from, const AccountId& to) = 0;

  // Keeps others from refunding, parking for, or storing this order (InsertOrder) until the end,
  // also while it is not known yet. First of all, before FindOrder. Whoever stores an order looks
  // for parked refunds after InsertOrder.
  virtual Status LockOrder(const ProgrammeId&, const OrderSource&, const OrderId&) = 0;
  // `account` knows the record from now on: another than before if that one was merged.
  virtual Result<std::optional<LocatedRecord>> FindRecord(const ProgrammeId&, const OrderSource&,
                                                          const OrderId&) = 0;
  virtual Status UpdateRecord(const ProgrammeId&, const OrderSource&, const OrderId&,
                              const AccountId& account, const ledger::OrderRecord&) = 0;

  virtual Result<std::optional<StoredRefund>> FindRefund(const ProgrammeId&, const OrderSource&,
                                                         const OrderId&,
                                                         const std::string& refund) = 0;
  virtual Result<bool> InsertRefund(const ProgrammeId&, const OrderSource&, const OrderId&,
                                    const StoredRefund&) = 0;
  // Oldest first.
  virtual Result<std::vector<StoredRefund>> Refunds(const ProgrammeId&, const OrderSource&,
                                                    const OrderId&) = 0;
  virtual Result<bool> ParkRefund(const ProgrammeId&, const OrderSource&, const OrderId&,
                                  const ParkedRefund&) = 0;
  // Oldest first; they are gone afterwards.
  virtual Result<std::vector<ParkedRefund>> TakeParkedRefunds(const ProgrammeId&,
                                                              const OrderSource&,
                                                              const OrderId&) = 0;

  // Of all programmes: how many refunds have waited since before `instant`.
  virtual Result<std::int64_t> RefundsParkedBefore(Timestamp instant) = 0;

 protected:
  ~LedgerTables() = default;
};

}  // namespace passmint::issuance
