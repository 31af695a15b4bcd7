// What time and commands do to one account of the model.

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "support/ledger_model.h"

namespace passmint::testing {

using ledger::Allocation;
using ledger::AssetId;
using ledger::Book;
using ledger::Hold;
using ledger::HoldState;
using ledger::kAmountMax;
using ledger::Lot;
using ledger::LotId;

Lot& LedgerModel::State::At(LotId id) {
  return *std::find_if(lots.begin(), lots.end(), [id](const Lot& lot) { return lot.id == id; });
}

std::int64_t LedgerModel::State::Debt(const AssetId& asset) const {
  const auto found = books.find({asset, Book::kDebt});
  return found == books.end() ? 0 : -found->second;
}

std::int64_t LedgerModel::State::Available(const AssetId& asset) const {
  std::int64_t sum = 0;
  for (const Lot& lot : lots) sum += lot.asset == asset ? lot.available : 0;
  return sum;
}

std::vector<std::size_t> LedgerModel::State::SpendOrder(const AssetId& asset) const {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < lots.size(); ++i) {
    if (lots[i].asset == asset) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
    return std::tuple(lots[a].expires_at, lots[a].id) < std::tuple(lots[b].expires_at, lots[b].id);
  });
  return order;
}

void LedgerModel::State::Post(const AssetId& asset, Book debit, Book credit, std::int64_t amount) {
  books[{asset, debit}] -= amount;
  books[{asset, credit}] += amount;
}

void LedgerModel::State::OffsetDebt(const AssetId& asset) {
  for (const std::size_t i : SpendOrder(asset)) {
    const std::int64_t taken = std::min(Debt(asset), lots[i].available);
    lots[i].available -= taken;
    lots[i].clawed += taken;
    Post(asset, Book::kActive, Book::kDebt, taken);
  }
}

void LedgerModel::State::Release(const AssetId& asset, const std::vector<Hold::Part>& parts,
                                 Timestamp now) {
  for (const Hold::Part& part : parts) {
    Lot& lot = At(part.lot);
    lot.held -= part.amount;
    if (lot.expires_at <= now) {
      lot.expired += part.amount;
      Post(asset, Book::kActive, Book::kExpired, part.amount);
    } else {
      lot.available += part.amount;
    }
  }
  OffsetDebt(asset);
}

// What is due first: by instant, then activations before holds before expiries, then by asset. All
// of that at once, so that what expires soonest of it pays the debt.
bool LedgerModel::State::SettleNext(Timestamp now) {
  enum Kind { kActivation, kHoldExpiry, kLotExpiry };
  std::optional<std::tuple<Timestamp, Kind, AssetId>> first;
  const auto consider = [&](Timestamp at, Kind due, const AssetId& asset) {
    const std::tuple one(at, due, asset);
    if (at <= now && (!first || one < *first)) first = one;
  };
  for (const Lot& lot : lots) {
    if (lot.pending > 0) consider(lot.activates_at, kActivation, lot.asset);
    if (lot.pending > 0 || lot.available > 0) consider(lot.expires_at, kLotExpiry, lot.asset);
  }
  for (const auto& [id, hold] : holds) {
    if (hold.state == HoldState::kOpen) consider(hold.expires_at, kHoldExpiry, hold.asset);
  }
  if (!first) return false;
  const auto& [instant, kind, asset] = *first;
  std::vector<Hold::Part> released;
  for (auto& [id, hold] : holds) {
    if (kind != kHoldExpiry || hold.state != HoldState::kOpen || hold.asset != asset) continue;
    if (hold.expires_at != instant) continue;
    hold.state = HoldState::kExpired;
    released.insert(released.end(), hold.parts.begin(), hold.parts.end());
  }
  for (Lot& lot : lots) {
    if (lot.asset != asset) continue;
    if (kind == kActivation && lot.activates_at == instant) {
      Post(asset, Book::kPending, Book::kActive, lot.pending);
      lot.available += std::exchange(lot.pending, 0);
    } else if (kind == kLotExpiry && lot.expires_at == instant) {
      Post(asset, Book::kPending, Book::kExpired, lot.pending);
      Post(asset, Book::kActive, Book::kExpired, lot.available);
      lot.expired += std::exchange(lot.pending, 0) + std::exchange(lot.available, 0);
    }
  }
  Release(asset, released, instant);  // Pays debt at the end.
  return true;
}

void LedgerModel::State::Settle(Timestamp now) {
  while (SettleNext(now)) {
  }
}

void LedgerModel::State::LiveOn(const std::vector<ledger::Slide>& slides, Timestamp now) {
  for (Lot& lot : lots) {
    const bool has_points = lot.pending + lot.available + lot.held > 0;
    if (!lot.slides || !has_points || lot.expires_at <= now) continue;
    for (const ledger::Slide& slide : slides) {
      if (slide.term == *lot.slides) lot.expires_at = std::max(lot.expires_at, slide.until);
    }
  }
}

Hold& LedgerModel::State::OpenHold(const HoldId& id) {
  const auto found = holds.find(id);
  if (found == holds.end()) throw Refused{"hold_unknown"};
  if (found->second.state == HoldState::kExpired) throw Refused{"hold_expired"};
  if (found->second.state != HoldState::kOpen) throw Refused{"hold_ended"};
  return found->second;
}

std::vector<Allocation> LedgerModel::State::Capture(const HoldId& id, std::int64_t amount,
                                                    Timestamp now) {
  Hold& hold = OpenHold(id);
  std::vector<Allocation> burned;
  std::vector<Hold::Part> rest;
  std::int64_t needed = amount;
  for (const Hold::Part& part : hold.parts) {
    const std::int64_t taken = std::min(needed, part.amount);
    needed -= taken;
    if (taken > 0) burned.push_back({part.lot, taken, 0});
    if (taken < part.amount) rest.push_back({part.lot, part.amount - taken});
  }
  if (needed > 0) throw Refused{"over_capture"};
  for (const Allocation& part : burned) {
    At(part.lot).held -= part.taken;
    At(part.lot).spent += part.taken;
  }
  Post(hold.asset, Book::kActive, Book::kBurned, amount);
  hold.state = HoldState::kCaptured;
  hold.captured = amount;
  Release(hold.asset, rest, now);
  return burned;
}

std::vector<Allocation> LedgerModel::State::Spend(const AssetId& asset, std::int64_t amount) {
  if (Available(asset) < amount) throw Refused{"insufficient_points"};
  std::vector<Allocation> taken;
  for (const std::size_t i : SpendOrder(asset)) {
    const std::int64_t part = std::min(amount, lots[i].available);
    if (part == 0) continue;
    lots[i].available -= part;
    amount -= part;
    taken.push_back({lots[i].id, part, 0});
  }
  return taken;
}

// `lot` says all but the id and the six counters.
// Points of one document that live equally long are one lot.
LotId LedgerModel::State::MakeLot(Lot lot, Timestamp now, Book from) {
  lot.id = next_lot++;
  const bool active = lot.activates_at <= now;
  (active ? lot.available : lot.pending) = lot.original;
  Post(lot.asset, from, active ? Book::kActive : Book::kPending, lot.original);
  const auto key = [](const Lot& one) {
    return std::tuple(one.document.type, one.document.source, one.document.id, one.asset,
                      one.activates_at, one.expires_at, one.slides, one.funder, one.restored_from);
  };
  for (Lot& same : lots) {
    if (key(same) != key(lot)) continue;
    same.original += lot.original;
    (active ? same.available : same.pending) += lot.original;
    --next_lot;
    return same.id;
  }
  lots.push_back(lot);
  return lot.id;
}

void LedgerModel::State::RefuseTooLarge() const {
  for (const auto& [key, balance] : books) {
    const bool members =
        key.second == Book::kPending || key.second == Book::kActive || key.second == Book::kDebt;
    if (members && (balance > kAmountMax || balance < -kAmountMax)) {
      throw Refused{"amount_too_large"};
    }
  }
}

// --- One command ---------------------------------------------------------------------------------

}  // namespace passmint::testing
