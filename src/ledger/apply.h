#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ledger/account.h"
#include "ledger/command.h"
#include "ledger/entry.h"
#include "ledger/order.h"

namespace passmint::ledger {

// An entry with the bytes that are stored and hashed (codec.h, chain.h).
struct PostedEntry {
  Entry entry;
  std::string body;
  std::string hash;  // 32 bytes; equals Account::head after it.
};

// Per line of the order that a refund touched.
struct LineRefund {
  std::size_t line = 0;
  std::int64_t amount = 0;  // Gross minor units.
  std::int64_t restored = 0;
  std::int64_t clawed_back = 0;  // Without what grants give back.
};

// What a command did, beyond what was due anyway.
struct Totals {
  std::int64_t earned = 0;  // By an order, in its asset.
  std::int64_t spent = 0;   // On an order, or captured of a hold.
  // Burned points that the member has again: without those whose lot expired meanwhile, unless they
  // came back as a grace lot.
  std::int64_t restored = 0;
  // Earned points taken back or owed now: without what Policy::debt let go.
  std::int64_t clawed_back = 0;
  std::int64_t moved = 0;  // Available points, on both sides of a transfer or merge.
};

// The whole effect of a command: `account` replaces what was loaded; `entries` are appended.
struct Change {
  Account account;
  std::vector<PostedEntry> entries;  // Settled ones first. Empty: nothing changed.
  std::vector<LotId> touched;        // Lots of account.lots that are new or differ, ascending.
  std::vector<Hold> ended;           // Holds that are open no more; gone from account.holds.
  std::optional<OrderRecord> order;  // After the command, if it touched one.
  Totals totals;
  std::vector<LineRefund> refunded;
};

// Decides one command at context.now, or at Account::decided_at if the clock went back. Begins
// by posting what is due: activations, hold expiries and lot expiries in the order (due instant,
// that order of kinds, asset, id). What is due at one instant, of one kind and asset, is one entry;
// debt is offset after each, so of lots that activate together the soonest expiring pays it.
// `order` is the record that a Refund refers to.
//
// REQUIRES: `account` holds what NeedOf asks for.
// Fails, and changes nothing, with
//   kConflict         insufficient_points, hold_ended, hold_expired, debt_limit, insufficient_debt,
//                     account_merged;
//   kNotFound         hold_unknown;
//   kInvalidArgument  over_refund, over_capture, amount_too_large (an amount or balance beyond
//                     kAmountMax), invalid_command (breaks what command.h requires);
//   kInternal         the account breaks an invariant, or lots are missing that NeedOf named.
// The amount_too_large and over_* errors have one problem without pointer: the caller knows where.
Result<Change> Apply(Account account, const OrderRecord* order, const Command& command,
                     const Context& context);

// Both sides of a transfer; the entries cite each other. The accounts differ.
Result<std::pair<Change, Change>> ApplyMove(const Account& from, const Account& to,
                                            const Move& move, const Context& context);

// Moves everything that `loser` has to `winner`: every lot, closed ones too, open holds (their ids
// stay) and debt, which is offset against what is available on the other side. A lot's id in the
// winner is its old id + offset, so that what refers to the loser's lots can follow: see Follow.
// The loser ends with no balance and no hold; its lots stay, closed, as a record. It has
// merged_into and merged_offset set and takes no command any more (kConflict, "account_merged").
// REQUIRES: `loser` is loaded with Need::all, `winner` with a cover of the loser's debt in each
// asset. Returns loser's and winner's change. Fails with kConflict account_merged; kInvalidArgument
// amount_too_large, invalid_command; kInternal.
Result<std::pair<Change, Change>> ApplyMerge(const Account& loser, const Account& winner,
                                             const Document& document, const Context& context);

// The record of an order that was paid on a merged account, as the winner's account knows it.
OrderRecord Follow(OrderRecord order, LotId merged_offset);

// Which lots `command` must see. `order` as in Apply.
Need NeedOf(const OrderRecord* order, const Command& command);
// Of `from`. `to` needs nothing but what every account needs.
Need NeedOf(const Move& move);

// The account as it is at `now`, without posting anything: what reads show. Same loading rule as
// Settle.
Account Settled(Account account, Timestamp now);

// The next instant at which time alone changes the account, as far as its loaded lots and holds
// say; kNever if none.
Timestamp NextDue(const Account& account);

// Checks every invariant that one account can show; kInternal with the first that is broken. Lots
// that are not loaded are not checked, and totals only if `all_loaded`.
Status CheckInvariants(const Account& account, bool all_loaded);

}  // namespace passmint::ledger
