#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/account.h"
#include "ledger/entry.h"
#include "ledger/order.h"

namespace passmint::ledger {

// One lot to be made. `amount` > 0; `expires_at` > `activates_at`.
struct Earning {
  AssetId asset;
  std::int64_t amount = 0;
  Timestamp activates_at;
  Timestamp expires_at = kNever;
  std::string funder;
  std::vector<Derivation> derivations;     // Points sum up to amount; may be empty.
  std::optional<SlidingTerm> slides = {};  // REQUIRES: expires_at is not kNever.
};

// A paid order: burns what its lines say (from the hold, if there is one, which ends with it), then
// earns. `order.lines[i].burned`, `.earned`, `.paid`, `.value` and `order.grants` come filled;
// counters, allocations and lots are filled by Apply. Sum of earned and grants = sum of the
// earnings' amounts in `order.asset`; earnings of further assets (stamps) may stand beside. Fails:
// insufficient_points; hold_unknown, hold_ended, hold_expired, over_capture.
struct PayOrder {
  OrderRecord order;
  std::vector<Earning> earnings;
  std::optional<HoldId> hold;
};

enum class Group { kAny, kMoney, kPoints };  // kAny: money first.

struct RefundLine {
  std::size_t line = 0;  // Index into the record's lines.
  Group group = Group::kAny;
  // One of them > 0: minor units, gross, or thousandths of units at the stored unit price:
  // floor(gross * quantity_refunded / quantity), cumulative, so that all units are all of the line.
  std::int64_t amount = 0;
  Quantity quantity = 0;
};

// Gives back a part of an order: restores what points paid, claws back what money earned. Needs the
// order's record. Fails: over_refund (nothing is clipped); debt_limit.
struct Refund {
  std::string refund_id;
  std::vector<RefundLine> lines;  // Either these (a line at most once per group)
  std::int64_t amount = 0;        // or a gross amount, spread over what is left.
  // Indexes of the order's grants that what is left does not earn any more: they go whole.
  std::vector<std::size_t> lost_grants = {};
};

// Sets points aside. Fails: insufficient_points.
struct PlaceHold {
  HoldId id;
  AssetId asset;
  std::int64_t amount = 0;                // > 0.
  std::chrono::microseconds lifetime{0};  // > 0, at most kHoldLifetimeMax.
  std::string order_source;
  std::string order_id;
};
inline constexpr std::chrono::days kHoldLifetimeMax{7};

// An account knows its open holds, and those that time ends within the command. Of one that ended
// before, Apply says hold_unknown; whoever keeps ended holds answers for them: hold_ended if it was
// captured or voided, hold_expired; and voiding a voided or expired one changes nothing.

// Burns `amount` of a hold and releases the rest. 0 <= amount. Fails: hold_unknown, hold_ended,
// hold_expired, over_capture.
struct CaptureHold {
  HoldId id;
  std::int64_t amount = 0;
};

// Releases a hold. Points whose lot expired meanwhile expire. Voiding a voided or expired hold
// changes nothing and is no failure. Fails: hold_unknown; hold_ended if it was captured.
struct VoidHold {
  HoldId id;
};

// Gives (amount > 0) or takes (amount < 0) points, never below zero. Fails: insufficient_points.
struct Adjust {
  AssetId asset;
  std::int64_t amount = 0;        // Not 0.
  Timestamp expires_at = kNever;  // Of what is given.
  std::string funder;
  Document document;
};

// Gives what no order earned: a birthday's points, those of a review. An entry "earn" without an
// order. REQUIRES: one earning at least, all in one asset.
struct GrantPoints {
  std::vector<Earning> earnings;
  Document document;
};

// Forgives debt. Fails: insufficient_debt if there is less.
struct WriteOffDebt {
  AssetId asset;
  std::int64_t amount = 0;  // > 0.
  Document document;
};

// Records what happened to a card of the account: an entry without transfers, lots or holds.
struct ServiceOperation {
  EntryType type = EntryType::kBlock;  // IsServiceOperation(type).
  Document document;                   // The card.
  // If time did it and not somebody: when. Then the entry is the system's and has no note.
  std::optional<Timestamp> due;
};

// What another system kept before: points that the member has (`lots`; ended ones are refused, a
// beginning in the past is kept), or an order that they paid there, whose points are in those lots
// already. So that it can be refunded here, its lines come as those of PayOrder; what they burned
// stands as a lot of its own that is all spent and never ends. Exactly one of the two.
struct Import {
  std::vector<Earning> lots;
  std::optional<OrderRecord> order;
  Document document;
};

// The member did what moves no points (a purchase that earns nothing): an entry, "activity", if a
// lot lives longer by it (Context::slides), else none.
struct Activity {
  Document document;
};

// Posts what is due and nothing else.
struct Settle {};

using Command = std::variant<PayOrder, Refund, PlaceHold, CaptureHold, VoidHold, Adjust,
                             WriteOffDebt, Import, ServiceOperation, GrantPoints, Activity, Settle>;

// Moves points between accounts; lots keep their expiry, activation and funder. Fails:
// insufficient_points.
struct Move {
  AssetId asset;
  std::int64_t amount = 0;  // > 0.
  Document document;
};

// What the programme decides about refunds.
struct Policy {
  // What an order earned is taken back from: its own lots (pending, available, expired: these cost
  // the member nothing), then other lots in spend order, then as debt. Held points stay.
  enum class Debt {
    kUnlimited,      // So, up to debt_limit.
    kWithinBalance,  // Without debt: what no lot can give is written off.
    kOnlyPending,    // Only its own pending and expired points; the rest is written off.
  };
  // Burned points whose lot expired meanwhile:
  enum class Restore {
    kGrace,   // come back as a lot that lives for `grace` (0: as kExpire),
    kExpire,  // go back to their lot and expire at once,
    kForbid,  // stay spent. In each case they count as restored in the order's record.
  };
  Debt debt = Debt::kUnlimited;
  std::int64_t debt_limit = kAmountMax;
  Restore restore = Restore::kGrace;
  std::chrono::microseconds grace = std::chrono::days(14);
};

// What comes with every command.
struct Context {
  Timestamp now;      // Taken after the account was locked.
  std::string actor;  // Name of the API key.
  Policy policy;
  std::string note_hash;  // Of the note that lies beside the first entry; empty: none.
  // If the command is an activity of the account's owner: until when what slides lives by it, one
  // for each term that the account's lots have. Only with PayOrder, CaptureHold, GrantPoints,
  // Activity and donations, and with an account that was loaded with Need::sliding. Lots live on
  // before the command spends any, and what is due at `now` is over before.
  std::vector<Slide> slides = {};
};

}  // namespace passmint::ledger
