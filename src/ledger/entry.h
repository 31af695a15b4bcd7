#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.h"
#include "ledger/asset.h"
#include "ledger/lot.h"
#include "ledger/order.h"

namespace passmint::ledger {

// The accounts of the chart (reference: double entry). The first three belong to the member, the
// rest to the programme.
enum class Book : std::uint8_t {
  kPending,     // Credit-normal: earned, not active yet.
  kActive,      // Credit-normal: spendable or held.
  kDebt,        // Debit-normal: owed after a claw-back that could not be covered.
  kIssuer,      // Debit-normal: put into circulation, per funder.
  kBurned,      // Credit-normal: paid for goods, or taken by an adjustment.
  kExpired,     // Credit-normal.
  kWrittenOff,  // Debit-normal: debt given up.
  kTransit,     // Between two members' accounts: the two entries of a transfer cancel out.
};

// One movement: debits one book and credits another of the same asset. amount > 0.
struct Transfer {
  AssetId asset;
  Book debit = Book::kIssuer;
  Book credit = Book::kActive;
  std::int64_t amount = 0;
  std::string funder;  // Of kIssuer; else empty.
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

// The words of the statement (assets/openapi.yaml, Entry.type), in snake_case there.
enum class EntryType : std::uint8_t {
  kEarn,
  kActivate,
  kBurn,
  kHold,
  kCapture,
  kVoid,
  kHoldExpire,
  kExpire,
  kRestore,
  kClawBack,
  kDebtOffset,
  kDebtWriteOff,
  kAdjust,
  kTransferIn,
  kTransferOut,
  kMerge,
  kImport,
  // Service operations: what happened to a card or its member. They move nothing.
  kBlock,
  kUnblock,
  kClose,
  kReplace,
  kTierChange,  // The member's level is another one.
  kRateChange,  // The card has a rate of its own, another one, or none.
  kCardPaid,    // A card that has a price was paid for.
  kMembership,  // A paid membership began, was renewed or ended.
  // Points given to a charity, on both sides; the number in a stored entry, hence at the end.
  kDonate,
  // The machine has other rules of time zones than before: what was decided keeps its instants,
  // what comes uses them. In a journal of the programme's own.
  kTimeZoneRules,
  kActivity,  // The member did what moves no points, and points live longer by it.
};
inline constexpr EntryType kLastEntryType = EntryType::kActivity;

std::string_view ToText(EntryType type);
bool IsServiceOperation(EntryType type);

// Why a rule gave so many points: kept for ever, so that the same number can be computed again and
// a refund reverses this and not today's rules.
struct Derivation {
  std::string rule;
  std::int64_t rule_set_version = 0;
  std::int64_t base_minor = 0;  // What the rate was applied to.
  std::int64_t ppm = 0;         // Millionths.
  std::string rounding;         // "floor", "half_up", "half_even", "ceil".
  std::int64_t points = 0;
  friend bool operator==(const Derivation&, const Derivation&) = default;
};

// One entry of an account's journal: everything that changed, whole, so that the account can be
// rebuilt by folding its entries. Immutable. Holds no personal data; what people wrote (a reason, a
// comment) lies in an erasable note, to which the entry commits by hash.
struct Entry {
  std::int64_t sequence = 0;  // 1, 2, 3, ... in the account, without gaps.
  Timestamp time;             // When it was decided; strictly growing in the account.
  Timestamp effective_at;     // <= time: when it became true (the due instant of an expiry).
  EntryType type = EntryType::kEarn;
  std::string actor;  // Name of the API key; "system" for what time does by itself.
  Document document;
  std::string peer;                 // Of transfers and merges: the other account, and
  std::int64_t peer_sequence = 0;   // the sequence of its entry.
  LotId lot_offset = 0;             // Of kMerge, on both sides: see Account::merged_offset.
  bool ends_account = false;        // Of kMerge: this is the account that is merged away.
  std::vector<Transfer> transfers;  // Empty for hold, void, service operations.
  // Of an activity, and before all else that it says: what Slide says happened to the lots of the
  // account, at effective_at. Those that nothing else happened to are not among `lots`.
  std::vector<Slide> slides;
  std::vector<Lot> lots;                // Whole, as they are after.
  std::vector<Hold> holds;              // Whole, as they are after.
  std::optional<OrderRecord> order;     // Whole, as it is after.
  std::vector<Derivation> derivations;  // Of earnings.
  std::string note_hash;                // SHA-256 of salt and note; empty: no note.
  // What it changed of the available points, and what was available after it.
  std::int64_t amount = 0;
  std::int64_t available_after = 0;

  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace passmint::ledger
