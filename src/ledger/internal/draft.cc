#include "ledger/internal/draft.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

#include "ledger/chain.h"
#include "ledger/codec.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {
namespace {

constexpr const char* kSystem = "system";

void SortOnce(std::vector<LotId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

// What the balance counts of a lot's counter; null for points that are gone.
std::int64_t Balance::*TotalOf(std::int64_t Lot::*counter) {
  if (counter == &Lot::pending) return &Balance::pending;
  if (counter == &Lot::available) return &Balance::available;
  if (counter == &Lot::held) return &Balance::held;
  return nullptr;
}

}  // namespace

Document DocumentOf(const Hold& hold) {
  return {.type = DocumentType::kHold, .source = {}, .id = hold.id.str(), .parent = {}};
}

bool AddTo(std::int64_t& sum, std::int64_t amount) {
  if (amount < 0 || amount > kAmountMax || sum > kAmountMax - amount) return false;
  sum += amount;
  return true;
}

void AddToLots(std::vector<Lot>& lots, Lot lot) {
  const auto same = std::find_if(lots.begin(), lots.end(), [&lot](const Lot& other) {
    return other.asset == lot.asset && other.activates_at == lot.activates_at &&
           other.expires_at == lot.expires_at && other.slides == lot.slides &&
           other.funder == lot.funder;
  });
  if (same == lots.end()) {
    lots.push_back(std::move(lot));
  } else {
    same->original += lot.original;
  }
}

Draft::Draft(Account account, const Context& context)
    : context_(context),
      now_(std::max(context.now, account.decided_at)),
      first_sequence_(account.sequence),
      first_time_(account.last_time),
      first_decided_at_(account.decided_at) {
  change_.account = std::move(account);
}

void Draft::ByTime(Timestamp due) {
  by_time_ = true;
  due_ = due;
}

void Draft::ByCommand() { by_time_ = false; }

bool Draft::LiveOn() {
  std::vector<Lot>& lots = change_.account.lots;
  for (const Slide& slide : context_.slides) {
    bool moved = false;
    for (Lot& lot : lots) {
      if (!Moves(slide, lot, now_)) continue;
      lot.expires_at = slide.until;
      change_.touched.push_back(lot.id);
      moved = true;
    }
    if (moved) slides_.push_back(slide);
  }
  if (slides_.empty()) return false;
  std::sort(lots.begin(), lots.end(), SpentBefore);
  return true;
}

Entry& Draft::Begin(EntryType type, const AssetId& asset, const Document& document) {
  Account& account = change_.account;
  account.last_time = std::max(now_, account.last_time + std::chrono::microseconds(1));
  ++account.sequence;
  Entry& begun = change_.entries.emplace_back().entry;
  begun.sequence = account.sequence;
  begun.time = account.last_time;
  begun.effective_at = instant();
  account.decided_at = std::max(account.decided_at, begun.effective_at);
  begun.type = type;
  begun.actor = by_time_ ? kSystem : context_.actor;
  begun.document = document;
  if (!by_time_ && !noted_) {
    begun.note_hash = context_.note_hash;
    noted_ = true;
  }
  if (!by_time_) begun.slides = std::exchange(slides_, {});
  asset_ = asset;
  available_before_ = balance(asset).available;
  return begun;
}

void Draft::End() {
  SortOnce(in_entry_);
  Entry& ended = entry();
  ended.lots.reserve(in_entry_.size());
  for (const Lot& lot : account().lots) {
    if (ended.lots.size() == in_entry_.size()) break;
    if (std::binary_search(in_entry_.begin(), in_entry_.end(), lot.id)) ended.lots.push_back(lot);
  }
  change_.touched.insert(change_.touched.end(), in_entry_.begin(), in_entry_.end());
  in_entry_.clear();
  ended.available_after = balance(asset_).available;
  ended.amount = ended.available_after - available_before_;
}

Lot* Draft::FindLot(LotId id) {
  for (Lot& lot : change_.account.lots) {
    if (lot.id == id) return &lot;
  }
  return nullptr;
}

Status Draft::CheckRoom(const AssetId& asset, std::int64_t amount) const {
  const Balance& has = balance(asset);
  std::int64_t sum = has.pending + has.available + has.held;
  if (!AddTo(sum, amount)) return AmountTooLarge("the account's balance");
  return {};
}

void Draft::Move(Lot& lot, const Flow& flow, std::int64_t amount) {
  assert(amount >= 0 && amount <= lot.*flow.from);
  if (amount == 0) return;
  lot.*flow.from -= amount;
  lot.*flow.to += amount;
  Balance& totals = BalanceOf(lot.asset);
  if (const auto total = TotalOf(flow.from)) totals.*total -= amount;
  if (const auto total = TotalOf(flow.to)) totals.*total += amount;
  if (flow.credit == Book::kDebt) totals.debt -= amount;
  Touch(lot.id);
  Post(lot.asset, flow.debit, flow.credit, amount, lot.funder);
}

Result<std::vector<Hold::Part>> Draft::Take(const AssetId& asset, std::int64_t amount,
                                            const Flow& flow) {
  const std::int64_t available = balance(asset).available;
  if (available < amount) return InsufficientPoints(available, amount);
  std::vector<Hold::Part> parts;
  std::int64_t left = amount;
  for (Lot& lot : change_.account.lots) {
    if (left == 0) break;
    if (lot.available == 0 || lot.asset != asset) continue;
    const std::int64_t taken = std::min(left, lot.available);
    Move(lot, flow, taken);
    parts.push_back({.lot = lot.id, .amount = taken});
    left -= taken;
  }
  if (left > 0) return LotsNotLoaded("what the balance says is available");
  return parts;
}

LotId Draft::Create(Lot lot, Book from) {
  lot.id = change_.account.next_lot++;
  const bool waits = lot.activates_at > now_;
  (waits ? lot.pending : lot.available) = lot.original;
  Balance& totals = BalanceOf(lot.asset);
  (waits ? totals.pending : totals.available) += lot.original;
  Post(lot.asset, from, waits ? Book::kPending : Book::kActive, lot.original, lot.funder);
  const LotId id = lot.id;
  Insert(std::move(lot));
  return id;
}

void Draft::Adopt(std::vector<Lot> lots) {
  Account& account = change_.account;
  account.lots.reserve(account.lots.size() + lots.size());
  for (Lot& lot : lots) {
    Balance& totals = BalanceOf(lot.asset);
    totals.pending += lot.pending;
    totals.available += lot.available;
    totals.held += lot.held;
    Post(lot.asset, Book::kTransit, Book::kPending, lot.pending, lot.funder);
    Post(lot.asset, Book::kTransit, Book::kActive, lot.available + lot.held, lot.funder);
    Touch(lot.id);
    account.next_lot = std::max(account.next_lot, lot.id + 1);
    account.lots.push_back(std::move(lot));
  }
  std::sort(account.lots.begin(), account.lots.end(), SpentBefore);
}

void Draft::Insert(Lot lot) {
  Touch(lot.id);
  std::vector<Lot>& lots = change_.account.lots;
  const auto place = std::upper_bound(lots.begin(), lots.end(), lot, SpentBefore);
  lots.insert(place, std::move(lot));
}

void Draft::MoveDebt(const AssetId& asset, std::int64_t amount, Book with,
                     const std::string& funder) {
  BalanceOf(asset).debt += amount;
  if (amount > 0) Post(asset, Book::kDebt, with, amount, funder);
  if (amount < 0) Post(asset, with, Book::kDebt, -amount, funder);
}

// One transfer for each pair of books, however many lots take part.
void Draft::Post(const AssetId& asset, Book debit, Book credit, std::int64_t amount,
                 const std::string& funder) {
  if (amount == 0 || debit == credit) return;
  const bool issuer = debit == Book::kIssuer || credit == Book::kIssuer;
  Transfer posted{.asset = asset, .debit = debit, .credit = credit, .amount = 0, .funder = {}};
  if (issuer) posted.funder = funder;
  for (Transfer& transfer : entry().transfers) {
    posted.amount = transfer.amount;
    if (transfer == posted) {
      transfer.amount += amount;
      return;
    }
  }
  posted.amount = amount;
  entry().transfers.push_back(std::move(posted));
}

Status Draft::OffsetDebt(const Document& document) {
  for (const auto& [asset, totals] : account().balances) {
    const std::int64_t amount = std::min(totals.debt, totals.available);
    if (amount == 0) continue;
    Begin(EntryType::kDebtOffset, asset, document);
    const auto taken = Take(asset, amount, kOffset);
    if (!taken.ok()) return taken.error();
    End();
  }
  return {};
}

void Draft::Open(const Hold& hold) {
  std::vector<Hold>& holds = change_.account.holds;
  const auto place = std::upper_bound(holds.begin(), holds.end(), hold,
                                      [](const Hold& a, const Hold& b) { return a.id < b.id; });
  holds.insert(place, hold);
  entry().holds.push_back(hold);
}

void Draft::Close(Hold hold) {
  std::vector<Hold>& holds = change_.account.holds;
  holds.erase(std::find_if(holds.begin(), holds.end(),
                           [&hold](const Hold& open) { return open.id == hold.id; }));
  entry().holds.push_back(hold);
  change_.ended.push_back(std::move(hold));
}

void Draft::MergeInto(const AccountId& winner, LotId offset) {
  change_.account.holds.clear();
  change_.account.merged_into = winner;
  change_.account.merged_offset = offset;
  entry().ends_account = true;
}

Result<Change> Draft::Finish() && {
  Account& account = change_.account;
  SortOnce(change_.touched);
  if (Status sound = CheckInvariants(account, false); !sound.ok()) return std::move(sound).error();
  for (PostedEntry& posted : change_.entries) {
    posted.body = EncodeBody(posted.entry);
    posted.hash = NextHash(account.head, posted.entry.sequence, posted.body);
    account.head = posted.hash;
  }
  return std::move(change_);
}

Account Draft::Discard() && {
  change_.account.sequence = first_sequence_;
  change_.account.last_time = first_time_;
  change_.account.decided_at = first_decided_at_;
  return std::move(change_.account);
}

}  // namespace passmint::ledger::internal
