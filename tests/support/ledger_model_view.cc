// What the model shows, and what must always be true of it.

#include <algorithm>

#include "support/ledger_model.h"

namespace passmint::testing {

using ledger::AssetId;
using ledger::Book;
using ledger::Hold;
using ledger::HoldState;
using ledger::kNever;
using ledger::LineRecord;
using ledger::Lot;
using ledger::LotId;

void LedgerModel::SetLastTime(const AccountId& account, Timestamp instant) {
  Of(account).last = instant;
}

Timestamp LedgerModel::LastTime(const AccountId& account) const {
  const auto found = states_.find(account);
  return found == states_.end() ? Timestamp() : found->second.last;
}

ledger::Account LedgerModel::Settled(const AccountId& id, Timestamp now) const {
  const auto found = states_.find(id);
  if (found == states_.end()) return Show(id, State());
  State state = found->second;
  state.Settle(std::max(now, state.last));
  return Show(id, state);
}

ledger::Account LedgerModel::AsItWasLeft(const AccountId& id) const {
  const auto found = states_.find(id);
  return Show(id, found == states_.end() ? State() : found->second);
}

ledger::Account LedgerModel::Show(const AccountId& id, const State& state) {
  ledger::Account account;
  account.id = id;
  account.next_lot = state.next_lot;
  account.merged_into = state.merged_into;
  account.merged_offset = state.merged_offset;
  account.lots = state.lots;
  std::sort(account.lots.begin(), account.lots.end(), ledger::SpentBefore);
  for (const Lot& lot : state.lots) {
    ledger::Balance& balance = account.balances[lot.asset];
    balance.pending += lot.pending;
    balance.available += lot.available;
    balance.held += lot.held;
    balance.debt = state.Debt(lot.asset);
  }
  // Debt without a lot: what an imported order earned is taken back.
  for (const auto& [key, balance] : state.books) {
    if (key.second == Book::kDebt && balance != 0) account.balances[key.first].debt = -balance;
  }
  for (const auto& [hold_id, hold] : state.holds) {
    if (hold.state == HoldState::kOpen) account.holds.push_back(hold);
  }
  return account;
}

const std::map<HoldId, Hold>& LedgerModel::Holds(const AccountId& account) const {
  static const std::map<HoldId, Hold> kNone;
  const auto found = states_.find(account);
  return found == states_.end() ? kNone : found->second.holds;
}

LedgerModel::Books LedgerModel::BooksOf(const AccountId& account) const {
  const auto found = states_.find(account);
  return found == states_.end() ? Books() : found->second.books;
}

AccountId LedgerModel::Survivor(AccountId account) const {
  for (auto found = states_.find(account);
       found != states_.end() && !found->second.merged_into.empty();
       found = states_.find(account)) {
    account = found->second.merged_into;
  }
  return account;
}

Timestamp LedgerModel::NextDue(const AccountId& account) const {
  Timestamp next = kNever;
  const auto found = states_.find(account);
  if (found == states_.end()) return next;
  for (const Lot& lot : found->second.lots) {
    if (lot.pending > 0) next = std::min(next, lot.activates_at);
    if (lot.pending > 0 || lot.available > 0) next = std::min(next, lot.expires_at);
  }
  for (const auto& [id, hold] : found->second.holds) {
    if (hold.state == HoldState::kOpen) next = std::min(next, hold.expires_at);
  }
  return next;
}

// --- What must always be true --------------------------------------------------------------------

std::string LedgerModel::Broken() const {
  std::map<AssetId, std::int64_t> transit;
  for (const auto& [id, state] : states_) {
    std::map<std::pair<AssetId, Book>, std::int64_t> sums;
    std::map<AssetId, std::int64_t> available;
    std::map<LotId, std::int64_t> held;
    for (const auto& [hold_id, hold] : state.holds) {
      if (hold.state != HoldState::kOpen) continue;
      for (const Hold::Part& part : hold.parts) held[part.lot] += part.amount;
    }
    for (const Lot& lot : state.lots) {
      const auto counters = {lot.pending, lot.available, lot.held,
                             lot.spent,   lot.expired,   lot.clawed};
      std::int64_t sum = 0;
      for (const std::int64_t counter : counters) {
        if (counter < 0) return "a counter of lot " + std::to_string(lot.id) + " is negative";
        sum += counter;
      }
      if (sum != lot.original) return "lot " + std::to_string(lot.id) + " does not add up";
      if (lot.held != held[lot.id]) return "held of lot " + std::to_string(lot.id);
      sums[{lot.asset, Book::kActive}] += lot.available + lot.held;
      sums[{lot.asset, Book::kPending}] += lot.pending;
      available[lot.asset] += lot.available;
    }
    for (const auto& [key, balance] : state.books) {
      const auto& [asset, book] = key;
      if (book == Book::kTransit) transit[asset] += balance;
      if (book == Book::kDebt) {
        if (balance > 0) return "negative debt";
        if (balance < 0 && available[asset] > 0) return "debt beside available points";
      }
      if ((book == Book::kActive || book == Book::kPending) && balance != sums[key]) {
        return "books and lots differ";
      }
    }
  }
  for (const auto& [asset, balance] : transit) {
    if (balance != 0) return "transfers do not cancel out";
  }
  for (const auto& [key, order] : orders_) {
    for (const LineRecord& line : order.record.lines) {
      if (line.clawed < 0 || line.clawed > line.earned) return "clawed of a line";
      if (line.restored < 0 || line.restored > line.burned) return "restored of a line";
      if (line.paid_refunded > line.paid || line.value_refunded > line.value) {
        return "refunded of a line";
      }
      if (line.gross_left() == 0 && (line.clawed != line.earned || line.restored != line.burned)) {
        return "a line that was refunded whole left points behind";
      }
    }
  }
  return "";
}

}  // namespace passmint::testing
