#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/account.h"
#include "ledger/apply.h"
#include "ledger/command.h"
#include "ledger/entry.h"
#include "ledger/order.h"

namespace passmint::testing {

// The ledger once more, written from its description alone, as the oracle of the property tests. It
// shares with the product the words (commands, lots, refusals) and no code: everything lies in
// vectors and maps, every balance is summed up anew, nothing is loaded in part, nothing is fast.
class LedgerModel {
 public:
  // What a command came to. `refusal` is the reason of the product's error, empty if it was done;
  // a refusal changes nothing.
  struct Answer {
    std::string refusal;
    ledger::Totals totals;
    std::map<std::size_t, ledger::LineRefund> refunded;  // By line.
  };

  // Credit-positive; all funders together.
  using Books = std::map<std::pair<ledger::AssetId, ledger::Book>, std::int64_t>;

  struct Order {
    AccountId account;
    ledger::OrderRecord record;
  };

  // `order` names what a Refund refers to; it must be known and belong to the account.
  Answer Apply(const AccountId& account, const ledger::OrderKey* order,
               const ledger::Command& command, const ledger::Context& context);
  Answer Apply(const AccountId& from, const AccountId& to, const ledger::Move& move,
               const ledger::Context& context);
  Answer Merge(const AccountId& loser, const AccountId& winner, const ledger::Document& document,
               const ledger::Context& context);

  // Time never goes back for an account: a command is decided at the later of context.now and this,
  // which is the instant of its last command unless it was set. (The product's is that of its last
  // command that had an entry.)
  void SetLastTime(const AccountId& account, Timestamp instant);
  Timestamp LastTime(const AccountId& account) const;

  // The settled account as the product would show it, with every lot. Sequence, head and times
  // are left alone.
  ledger::Account Settled(const AccountId& account, Timestamp now) const;

  // As of the account's last command that was not refused.
  ledger::Account AsItWasLeft(const AccountId& account) const;

  // Every hold there ever was, in every state.
  const std::map<HoldId, ledger::Hold>& Holds(const AccountId& account) const;
  Books BooksOf(const AccountId& account) const;
  const std::map<ledger::OrderKey, Order>& Orders() const { return orders_; }
  // Where the points of an account are now: itself, or what it was merged into.
  AccountId Survivor(AccountId account) const;

  // The next instant at which time alone changes the account; kNever if none.
  Timestamp NextDue(const AccountId& account) const;

  // The first invariant that is broken; empty if none.
  std::string Broken() const;

 private:
  // Thrown inside; no caller sees it.
  struct Refused {
    std::string reason;
  };

  struct State {
    Timestamp last;
    ledger::LotId next_lot = 1;
    std::vector<ledger::Lot> lots;  // In order of creation.
    std::map<HoldId, ledger::Hold> holds;
    Books books;
    AccountId merged_into;
    ledger::LotId merged_offset = 0;

    ledger::Lot& At(ledger::LotId id);
    std::int64_t Debt(const ledger::AssetId& asset) const;
    std::int64_t Available(const ledger::AssetId& asset) const;
    // Indexes of the lots of an asset, soonest expiring first, then oldest.
    std::vector<std::size_t> SpendOrder(const ledger::AssetId& asset) const;
    void Post(const ledger::AssetId& asset, ledger::Book debit, ledger::Book credit,
              std::int64_t amount);
    void OffsetDebt(const ledger::AssetId& asset);
    void Settle(Timestamp now);
    bool SettleNext(Timestamp now);
    // What is not over at an activity of the owner expires as late as that lets it.
    void LiveOn(const std::vector<ledger::Slide>& slides, Timestamp now);
    // Gives what is left of a hold's parts back to their lots.
    void Release(const ledger::AssetId& asset, const std::vector<ledger::Hold::Part>& parts,
                 Timestamp now);
    ledger::Hold& OpenHold(const HoldId& id);
    // Burns the first `amount` of a hold, releases the rest; what came from which lot.
    std::vector<ledger::Allocation> Capture(const HoldId& id, std::int64_t amount, Timestamp now);
    // Takes available points in spend order; what came from which lot. Refuses.
    std::vector<ledger::Allocation> Spend(const ledger::AssetId& asset, std::int64_t amount);
    ledger::LotId MakeLot(ledger::Lot lot, Timestamp now, ledger::Book from);
    void RefuseTooLarge() const;
  };

  static ledger::Account Show(const AccountId& id, const State& state);

  struct Doing;  // One command on copies of what it touches.

  State& Of(const AccountId& account) { return states_[account]; }

  std::map<AccountId, State> states_;
  std::map<ledger::OrderKey, Order> orders_;
};

}  // namespace passmint::testing
