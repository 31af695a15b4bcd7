#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/account.h"
#include "ledger/order.h"
#include "ledger/rebuild.h"

namespace passmint::ledger {

// The first thing that is wrong with one account.
struct JournalFinding {
  ProgrammeId programme;
  AccountId account;
  std::int64_t sequence = 0;  // Of the bad entry; 0: no single entry, the state differs.
  // Of Rebuilder::Add; or "journal_tail" (the journal ends early), "journal_orphan" (entries of an
  // account that is not there), "state_differs".
  std::string reason;
  std::string message;  // Names account, entry and what is wrong.
};

inline constexpr std::size_t kFindingsMax = 100;

struct JournalReport {
  std::int64_t accounts = 0;
  std::int64_t entries = 0;
  std::int64_t lots = 0;
  std::int64_t holds = 0;
  std::int64_t orders = 0;
  std::int64_t bad_accounts = 0;
  std::vector<JournalFinding> findings;  // In order; the first kFindingsMax accounts.

  bool ok() const { return bad_accounts == 0; }
};

// What the store holds of an account beside its journal, to be compared with what the journal says.
struct StoredAccount {
  Account account;  // Every lot, closed ones too; open holds.
  // The rows of the holds (ended ones too) and orders that the journal knows, if they are kept.
  std::optional<std::vector<Hold>> holds;
  std::optional<std::vector<OrderRecord>> orders;
};

// Verifies journals, account after account: Begin, its entries in order of sequence, End; in one
// pass, with one account in memory. After the first bad entry of an account the rest of it is
// counted and not judged.
//
// Fold it over a snapshot, so that entries and states belong together.
class JournalVerifier {
 public:
  // REQUIRES: no account is open.
  void Begin(const ProgrammeId& programme, const AccountId& account);

  // The next entry, as it is stored.
  void Entry(std::int64_t sequence, std::string_view body, std::string_view hash);

  // What the journal of the open account says so far, all holds and orders that it knows: to look
  // for their rows. Both empty once an entry was bad.
  std::vector<Hold> holds() const;
  std::vector<OrderRecord> orders() const;

  // The account as it is stored, or nothing if the store does not know it.
  void End(const std::optional<StoredAccount>& stored);

  // REQUIRES: no account is open.
  const JournalReport& report() const { return report_; }

  // Of the account that just ended, if all was well: StateHash once settled at `now`. Empty if it
  // was not.
  std::string SettledStateHash(Timestamp now);

 private:
  void Find(std::int64_t sequence, std::string reason, std::string message);
  void Judge(const StoredAccount& stored);

  JournalReport report_;
  ProgrammeId programme_;
  AccountId account_;
  std::optional<Rebuilder> rebuilder_;
  bool bad_ = false;
};

// What differs between an account rebuilt from its journal and the stored one, in words; empty if
// nothing does. Balances of zero may be there or not.
std::string DifferenceOf(const Account& rebuilt, const Account& stored);

}  // namespace passmint::ledger
