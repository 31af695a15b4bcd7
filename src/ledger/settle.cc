#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/apply.h"
#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"

namespace passmint::ledger {
namespace internal {
namespace {

enum class Kind { kActivation, kHoldExpiry, kLotExpiry };  // In this order at the same instant.

struct Due {
  Timestamp at;
  Kind kind = Kind::kActivation;
  AssetId asset;
  LotId lot = 0;          // One of the two.
  std::size_t index = 0;  // The lot's place.
  Hold hold;

  auto order() const { return std::tie(at, kind, asset, lot, hold.id); }
  bool SameEntry(const Due& other) const {
    return at == other.at && kind == other.kind && asset == other.asset;
  }
};

// A lot that is held now may be released by a hold that ends on the way, so open ones count.
std::vector<Due> FindDue(const Account& account, Timestamp now) {
  std::vector<Due> found;
  for (std::size_t i = 0; i < account.lots.size(); ++i) {
    const Lot& lot = account.lots[i];
    const auto add = [&](Timestamp at, Kind kind) {
      if (at > now) return;
      found.push_back(
          {.at = at, .kind = kind, .asset = lot.asset, .lot = lot.id, .index = i, .hold = {}});
    };
    if (lot.pending > 0) add(lot.activates_at, Kind::kActivation);
    if (lot.open()) add(lot.expires_at, Kind::kLotExpiry);
  }
  for (const Hold& hold : account.holds) {
    if (hold.expires_at > now) continue;
    found.push_back({.at = hold.expires_at,
                     .kind = Kind::kHoldExpiry,
                     .asset = hold.asset,
                     .lot = 0,
                     .index = 0,
                     .hold = hold});
  }
  std::sort(found.begin(), found.end(),
            [](const Due& a, const Due& b) { return a.order() < b.order(); });
  return found;
}

EntryType TypeOf(Kind kind) {
  if (kind == Kind::kActivation) return EntryType::kActivate;
  return kind == Kind::kHoldExpiry ? EntryType::kHoldExpire : EntryType::kExpire;
}

// Whether it is still to be done: what was held at first may be held still, or be gone.
bool Applies(Draft& draft, const Due& due) {
  if (due.kind == Kind::kHoldExpiry) return true;
  const Lot& lot = draft.LotAt(due.index);
  return due.kind == Kind::kActivation ? lot.pending > 0 : lot.pending + lot.available > 0;
}

Status PostOne(Draft& draft, const Due& due) {
  if (due.kind == Kind::kHoldExpiry) {
    Hold hold = due.hold;
    hold.state = HoldState::kExpired;
    const auto released = EndHold(draft, hold);
    if (!released.ok()) return released.error();
    return {};
  }
  Lot& lot = draft.LotAt(due.index);
  if (due.kind == Kind::kActivation) {
    draft.Move(lot, kActivate, lot.pending);
  } else {
    draft.Move(lot, kExpirePending, lot.pending);
    draft.Move(lot, kExpire, lot.available);
  }
  return {};
}

}  // namespace

Status SettleDue(Draft& draft) {
  const std::vector<Due> found = FindDue(draft.account(), draft.now());
  for (auto at = found.begin(); at != found.end();) {
    const auto end =
        std::find_if(at, found.end(), [at](const Due& due) { return !due.SameEntry(*at); });
    std::vector<const Due*> group;
    for (; at != end; ++at) {
      if (Applies(draft, *at)) group.push_back(&*at);
    }
    if (group.empty()) continue;
    const Due& first = *group.front();
    draft.ByTime(first.at);
    draft.Begin(TypeOf(first.kind), first.asset, Document{});
    for (const Due* due : group) {
      if (Status posted = PostOne(draft, *due); !posted.ok()) return posted;
    }
    draft.End();
    if (Status offset = draft.OffsetDebt(Document{}); !offset.ok()) return offset;
  }
  draft.ByCommand();
  return {};
}

}  // namespace internal

Account Settled(Account account, Timestamp now) {
  const Context context{.now = now, .actor = {}, .policy = {}, .note_hash = {}};
  internal::Draft draft(std::move(account), context);
  // Fails only for a damaged account, of which there is nothing better to show than this.
  (void)internal::SettleDue(draft).ok();
  return std::move(draft).Discard();
}

Timestamp NextDue(const Account& account) {
  Timestamp next = kNever;
  for (const Lot& lot : account.lots) {
    if (lot.pending > 0) next = std::min({next, lot.activates_at, lot.expires_at});
    if (lot.available > 0) next = std::min(next, lot.expires_at);
  }
  for (const Hold& hold : account.holds) next = std::min(next, hold.expires_at);
  return next;
}

}  // namespace passmint::ledger
