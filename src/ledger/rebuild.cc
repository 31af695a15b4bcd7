#include "ledger/rebuild.h"

#include <algorithm>
#include <vector>

#include "crypto/digest.h"
#include "ledger/codec.h"

namespace passmint::ledger {
namespace {

constexpr std::int64_t Lot::*kCounters[] = {&Lot::pending, &Lot::available, &Lot::held,
                                            &Lot::spent,   &Lot::expired,   &Lot::clawed};

bool SumsUp(const Lot& lot) {
  std::int64_t sum = 0;  // Six amounts of at most 2^53 fit.
  for (const auto counter : kCounters) sum += lot.*counter;
  return lot.original > 0 && lot.original == sum;
}

// Within an entry a balance may pass below zero; a sum of bounded ones never overflows.
bool IsBounded(std::int64_t balance) { return balance >= -kAmountMax && balance <= kAmountMax; }

// What a lot keeps for life.
bool IsSameLot(const Lot& before, const Lot& after) {
  return before.asset == after.asset && before.original == after.original &&
         before.activates_at == after.activates_at && before.expires_at == after.expires_at &&
         before.slides == after.slides && before.funder == after.funder &&
         before.document == after.document && before.restored_from == after.restored_from;
}

std::string Number(std::int64_t number) { return std::to_string(number); }

std::string Differ(const AssetId& asset, const char* book, std::int64_t lots,
                   std::int64_t transfers) {
  return asset.str() + ": the lots hold " + Number(lots) + " " + book + ", the transfers say " +
         Number(transfers);
}

}  // namespace

Rebuilder::Rebuilder(const ProgrammeId& programme, const AccountId& account) {
  account_.id = account;
  account_.head = Genesis(programme, account);
}

Status Rebuilder::Add(std::int64_t sequence, std::string_view body, std::string_view hash) {
  if (failed_) return Wrong("journal_hash", sequence, "follows an entry that is wrong");
  failed_ = true;  // Until the end is reached.
  if (sequence != account_.sequence + 1) {
    return Wrong("journal_gap", account_.sequence + 1,
                 "missing; the next entry is " + Number(sequence));
  }
  std::string expected = NextHash(account_.head, sequence, body);
  if (expected != hash) {
    return Wrong("journal_hash", sequence, "its hash is not that of its bytes");
  }
  const Result<Entry> decoded = DecodeBody(sequence, body);
  if (!decoded.ok()) return Wrong("journal_body", sequence, decoded.error().message);
  const Entry& entry = decoded.value();
  if (entry.effective_at > entry.time || (sequence > 1 && entry.time <= account_.last_time)) {
    return Wrong("journal_time", sequence, "its time is not after the entry before it");
  }
  current_ = false;
  std::string problem = FoldAll(entry);
  if (problem.empty()) problem = Compare(entry);
  if (!problem.empty()) return Wrong("journal_books", sequence, problem);
  account_.sequence = sequence;
  account_.head = std::move(expected);
  account_.last_time = entry.time;
  account_.decided_at = std::max(account_.decided_at, entry.effective_at);
  failed_ = false;
  return {};
}

std::string Rebuilder::FoldAll(const Entry& entry) {
  if (!account_.merged_into.empty()) return "it follows the merge that ended the account";
  const bool moves = !entry.transfers.empty() || !entry.lots.empty() || !entry.holds.empty() ||
                     entry.order.has_value() || entry.amount != 0;
  if (IsServiceOperation(entry.type) && moves) return "a service operation that moves points";
  for (const Transfer& transfer : entry.transfers) {
    if (std::string problem = Post(transfer); !problem.empty()) return problem;
  }
  for (const Slide& slide : entry.slides) {
    if (std::string problem = Fold(slide, entry.effective_at); !problem.empty()) return problem;
  }
  for (const Lot& lot : entry.lots) {
    if (std::string problem = Fold(lot); !problem.empty()) return problem;
  }
  if (entry.ends_account) {
    LeaveTo(entry);
  } else {
    for (const Hold& hold : entry.holds) {
      if (std::string problem = Fold(hold); !problem.empty()) return problem;
    }
  }
  if (entry.order.has_value()) orders_.insert_or_assign(entry.order->key, *entry.order);
  return {};
}

std::string Rebuilder::Post(const Transfer& transfer) {
  if (transfer.amount <= 0 || transfer.debit == transfer.credit) return "a transfer of nothing";
  const bool issuer = transfer.debit == Book::kIssuer || transfer.credit == Book::kIssuer;
  if (!issuer && !transfer.funder.empty()) return "a transfer names a funder but not the issuer";
  Books& books = books_[transfer.asset];
  const auto post = [&books](Book book, std::int64_t credited) {
    if (book == Book::kPending) books.pending += credited;
    if (book == Book::kActive) books.active += credited;
    if (book == Book::kDebt) books.debt -= credited;
  };
  post(transfer.debit, -transfer.amount);
  post(transfer.credit, transfer.amount);
  for (const std::int64_t balance : {books.pending, books.active, books.debt}) {
    if (!IsBounded(balance)) return transfer.asset.str() + ": a balance beyond 2^53 - 1";
  }
  return {};
}

std::string Rebuilder::Fold(const Lot& lot) {
  if (lot.id <= 0) return "a lot without a number";
  const std::string name = "lot " + Number(lot.id);
  if (!SumsUp(lot)) return name + " does not sum up to what it began with";
  if (lot.expires_at <= lot.activates_at) return name + " ends before it begins";
  Balance& balance = account_.balances[lot.asset];
  const auto [at, is_new] = lots_.try_emplace(lot.id, lot);
  if (!is_new) {
    const Lot& before = at->second;
    if (!IsSameLot(before, lot)) return name + " is no longer the lot that it was";
    balance.pending -= before.pending;
    balance.available -= before.available;
    balance.held -= before.held;
    at->second = lot;
  }
  balance.pending += lot.pending;
  balance.available += lot.available;
  balance.held += lot.held;
  for (const std::int64_t sum : {balance.pending, balance.available, balance.held}) {
    if (!IsBounded(sum)) return lot.asset.str() + ": a balance beyond 2^53 - 1";
  }
  if (lot.slides && lot.open()) {
    sliding_.insert(lot.id);
  } else {
    sliding_.erase(lot.id);
  }
  books_.try_emplace(lot.asset);
  account_.next_lot = std::max(account_.next_lot, lot.id + 1);
  return {};
}

// An entry names a slide only if a lot lives longer by it.
std::string Rebuilder::Fold(const Slide& slide, Timestamp at) {
  bool moved = false;
  for (const LotId id : sliding_) {
    Lot& lot = lots_.at(id);
    if (!Moves(slide, lot, at)) continue;
    lot.expires_at = slide.until;
    moved = true;
  }
  return moved ? std::string() : "an activity by which no lot lives longer";
}

std::string Rebuilder::Fold(const Hold& hold) {
  const std::string name = "hold " + hold.id.str();
  const auto [at, is_new] = holds_.try_emplace(hold.id, hold);
  if (!is_new) {
    if (at->second.state != HoldState::kOpen) return name + " ends a second time";
    for (const Hold::Part& part : at->second.parts) held_[part.lot] -= part.amount;
    open_.erase(hold.id);
    at->second = hold;
  }
  if (hold.captured != 0 && hold.state != HoldState::kCaptured) {
    return name + " has captured points, yet it was not captured";
  }
  if (hold.state != HoldState::kOpen) return {};
  open_.insert(hold.id);
  for (const Hold::Part& part : hold.parts) {
    if (lots_.count(part.lot) == 0) return name + " is on a lot that does not exist";
    if (part.amount <= 0) return name + " holds nothing of a lot";
    std::int64_t& held = held_[part.lot];
    held += part.amount;
    if (!IsBounded(held)) return name + " holds more than there can be";
  }
  return {};
}

// The account that the merge ends keeps its lots as a record; what was open went to the other.
void Rebuilder::LeaveTo(const Entry& entry) {
  for (const HoldId& id : open_) holds_.erase(id);
  open_.clear();
  held_.clear();
  account_.merged_into = AccountId(entry.peer);
  account_.merged_offset = entry.lot_offset;
}

std::string Rebuilder::Compare(const Entry& entry) const {
  for (const auto& [asset, books] : books_) {
    const auto found = account_.balances.find(asset);
    const Balance lots = found == account_.balances.end() ? Balance{} : found->second;
    if (lots.pending != books.pending) return Differ(asset, "pending", lots.pending, books.pending);
    if (lots.active() != books.active) return Differ(asset, "active", lots.active(), books.active);
    if (books.debt < 0) return asset.str() + ": debt below zero";
  }
  const auto is_after = [&entry](const auto& asset_and_balance) {
    return asset_and_balance.second.available == entry.available_after;
  };
  if (entry.available_after != 0 &&
      std::none_of(account_.balances.begin(), account_.balances.end(), is_after)) {
    return Number(entry.available_after) + " available after it are of no asset";
  }
  for (const Lot& lot : entry.lots) {
    const auto held = held_.find(lot.id);
    const std::int64_t expected = held == held_.end() ? 0 : held->second;
    if (lot.held != expected) {
      return "lot " + Number(lot.id) + " holds " + Number(lot.held) +
             " for open holds, which ask for " + Number(expected);
    }
  }
  for (const Hold& hold : entry.holds) {
    for (const Hold::Part& part : hold.parts) {
      const auto held = held_.find(part.lot);
      const auto lot = lots_.find(part.lot);
      if (held == held_.end() || lot == lots_.end()) continue;
      if (lot->second.held != held->second) return "hold " + hold.id.str() + " is not on its lots";
    }
  }
  return {};
}

Error Rebuilder::Wrong(std::string_view reason, std::int64_t sequence,
                       std::string_view what) const {
  return {.code = ErrorCode::kInternal,
          .message = "account " + account_.id.str() + ", entry " + Number(sequence) + ": " +
                     std::string(what),
          .reason = std::string(reason)};
}

const Account& Rebuilder::account() {
  if (current_) return account_;
  account_.lots.clear();
  account_.lots.reserve(lots_.size());
  for (const auto& [id, lot] : lots_) account_.lots.push_back(lot);
  std::sort(account_.lots.begin(), account_.lots.end(), SpentBefore);
  account_.holds.clear();
  for (const HoldId& id : open_) account_.holds.push_back(holds_.at(id));
  for (const auto& [asset, books] : books_) account_.balances[asset].debt = books.debt;
  current_ = true;
  return account_;
}

std::string StateHash(const Account& settled) {
  Account amount = settled;
  amount.last_time = Timestamp{};
  amount.decided_at = Timestamp{};
  amount.next_lot = 1;  // The lots are all there.
  for (auto at = amount.balances.begin(); at != amount.balances.end();) {
    at = at->second == Balance{} ? amount.balances.erase(at) : std::next(at);
  }
  return crypto::Sha256("passmint/state/1" + EncodeState(amount));
}

}  // namespace passmint::ledger
