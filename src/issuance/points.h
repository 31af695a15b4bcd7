#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cards/member.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/apply.h"
#include "ledger/command.h"

namespace passmint::issuance {

// The points of a member whose id is `member`: "a_" and the same digits.
AccountId AccountFor(const MemberId& member);
// The member that an account was made for.
MemberId OwnerOf(const AccountId& account);

// "e_<account's digits>.<sequence>", as the API names entries.
std::string EntryIdText(const AccountId& account, std::int64_t sequence);
// Nothing if it is no such text.
std::optional<std::pair<AccountId, std::int64_t>> ParseEntryId(std::string_view text);

// What names a hold of a caller: "h_" and 32 hex digits.
HoldId MakeHoldId(Timestamp now, Random& random);

// Who moves points and what they say about it. The note is erasable; see LedgerTables::PutNote.
struct Movement {
  std::string actor;         // Name of the API key; kSystemActor for what time does.
  Json note = nullptr;       // Object, or null.
  Random* random = nullptr;  // For the note's salt. REQUIRES: not null with a note.
  // Where to put the cards that got their next revision; null: nobody wants them.
  std::vector<cards::Card>* touched = nullptr;
  ledger::Policy refunds = {};  // Of the rules that judged the order; only refunds look at it.
  // The account's owner does it, and by that keeps points alive that slide (programme::Expiry).
  bool activity = false;
};
inline constexpr const char* kSystemActor = "system";

// The balances of the points asset as they are at the transaction's time.
PointsSummary Balances(const ledger::Account& settled);
// Of the lots that are loaded; nothing if no available one expires.
std::optional<NextExpiry> NextExpiryOf(const ledger::Account& settled);
// Whether that is all: lots of the account that are not loaded expire later, or never.
bool IsNextExpiryWhole(const ledger::Account& settled);
// All available lots of points.
ledger::Need AllPoints();
Result<PointsSummary> PointsOf(Transaction& transaction, const ProgrammeId& programme,
                               const AccountId& account);

// Loads the account, decides, saves the change with its note, and gives every open card of the
// owner its next revision and deliveries, unless nothing that it shows has changed. Fails as
// ledger::Apply and LedgerTables.
Result<ledger::Change> MovePoints(Transaction& transaction, const ProgrammeSite& programme,
                                  const AccountId& account, const ledger::OrderRecord* order,
                                  const ledger::Command& command, const Movement& movement);

// The account's owner was active in a way that moves no points: an entry, with its note and new
// revisions of cards as above, if points live longer by it. The balances after it.
Result<PointsSummary> RecordActivity(Transaction& transaction, const ProgrammeSite& programme,
                                     const AccountId& account, const ledger::Document& document,
                                     Movement movement);

// What it does to an account that its owner is active now (ledger::Context::slides). REQUIRES: the
// account was loaded with Need::sliding. Fails if the programme's time zone is unknown.
Result<std::vector<ledger::Slide>> SlidesOf(const ProgrammeSite& programme,
                                            const ledger::Account& account, Timestamp now);

// Posts what is due on the account: activations, expiries, ends of holds. Harmless twice.
Status PostDue(Transaction& transaction, const ProgrammeSite& programme, const AccountId& account);

// Records what happened to a card: an entry that moves nothing, after what is due anyway. Fails as
// MovePoints.
Status RecordService(Transaction& transaction, const ProgrammeId& programme,
                     const AccountId& account, const ledger::ServiceOperation& operation,
                     const Movement& movement);

// The summary of a change: what it moved and the balances after it.
PointsSummary Summary(const ledger::Change& change);

// Saves a change that was decided elsewhere (one side of a transfer), as MovePoints does.
Status SaveMoved(Transaction& transaction, const ProgrammeSite& programme,
                 const ledger::Change& change, const Movement& movement);
// The context of a command at the transaction's time; fills the note's salt and hash.
struct Noted {
  ledger::Context context;
  std::optional<Note> note;
};
Noted ContextOf(const Transaction& transaction, const Movement& movement);
// Puts the note beside the first entry that the command itself made.
Status PutNote(Transaction& transaction, const ProgrammeId& programme, const ledger::Change& change,
               const std::optional<Note>& note);

}  // namespace passmint::issuance
