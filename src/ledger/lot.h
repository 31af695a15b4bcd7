#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "ledger/asset.h"

namespace passmint::ledger {

// Within one account: 1, 2, 3, ... in order of creation, over all assets.
using LotId = std::int64_t;

// Never: of lots that do not expire. Sorts after every instant.
inline constexpr Timestamp kNever = Timestamp::max();

enum class DocumentType {
  kNone,
  kOrder,
  kRefund,
  kHold,
  kAdjustment,
  kTransfer,
  kMerge,
  kImport,
  kCard,
  kOccasion,
  kEvent,
};
inline constexpr DocumentType kLastDocumentType = DocumentType::kEvent;

// What a change stands on. Ids of callers, no personal data.
struct Document {
  DocumentType type = DocumentType::kNone;
  // Of orders, refunds and events: where the order's or the event's id comes from. Else empty.
  std::string source;
  // Order, refund, hold, transfer, card, event or the caller's own document id; the rule of an
  // occasion.
  std::string id;
  // Of refunds: the order's id. Of a card: the one in whose place it came. Of occasions and events:
  // what its rule grants once, such as the year.
  std::string parent;

  friend bool operator==(const Document&, const Document&) = default;
};

// How long points live that live on with each activity of their owner: until the end of the day
// that lies so far behind the activity, or of the month, quarter or year that holds it. A lot keeps
// its term for life. The ledger carries it and compares it; instants come from whoever knows the
// zone.
struct SlidingTerm {
  enum class End { kDay, kMonth, kQuarter, kYear };  // The numbers in a stored lot.
  int months = 0;                                    // 0 to kTermCountMax, and so the days.
  int days = 0;
  End end = End::kDay;
  friend auto operator<=>(const SlidingTerm&, const SlidingTerm&) = default;
};
inline constexpr int kTermCountMax = 100'000;

// What an activity does to an account: each of its lots of that term that is open and not over then
// expires at `until`, unless it does so later anyway.
struct Slide {
  SlidingTerm term;
  Timestamp until;
  friend bool operator==(const Slide&, const Slide&) = default;
};

// Points of one origin that live and die together: one per (document, asset, activation, expiry,
// sliding term, funder). Invariant: original = pending + available + held + spent + expired +
// clawed, all >= 0.
struct Lot {
  LotId id = 0;
  AssetId asset;
  std::int64_t original = 0;   // > 0.
  std::int64_t pending = 0;    // Not active yet.
  std::int64_t available = 0;  // Spendable.
  std::int64_t held = 0;       // Set aside for open holds.
  std::int64_t spent = 0;      // Burned, moved to another account, or taken by an adjustment.
  std::int64_t expired = 0;
  std::int64_t clawed = 0;            // Taken back by refunds or used to offset debt.
  Timestamp activates_at;             // Pending before this instant.
  Timestamp expires_at = kNever;      // First instant at which it is worth nothing.
  std::optional<SlidingTerm> slides;  // Activities move expires_at on. Else it stays for life.
  std::string funder;                 // Who pays for it; empty: the programme itself.
  Document document;                  // What created it.
  LotId restored_from = 0;            // Of a grace lot: the expired lot whose points it gives back.

  bool open() const { return pending > 0 || available > 0 || held > 0; }
  friend bool operator==(const Lot&, const Lot&) = default;
};

// Whether an activity at that instant changes the lot.
inline bool Moves(const Slide& slide, const Lot& lot, Timestamp at) {
  return lot.slides == slide.term && lot.open() && lot.expires_at > at &&
         lot.expires_at < slide.until;
}

// The order in which lots are spent, clawed and moved: soonest expiring first, then oldest.
inline bool SpentBefore(const Lot& a, const Lot& b) {
  return a.expires_at != b.expires_at ? a.expires_at < b.expires_at : a.id < b.id;
}

enum class HoldState { kOpen, kCaptured, kVoided, kExpired };

// Points set aside for a purchase that is being made. Ends once.
struct Hold {
  struct Part {
    LotId lot = 0;
    std::int64_t amount = 0;  // > 0.
    friend bool operator==(const Part&, const Part&) = default;
  };
  HoldId id;
  AssetId asset;
  std::vector<Part> parts;  // In spend order. Kept after the end, for the record.
  Timestamp created_at;
  Timestamp expires_at;  // From this instant on it cannot be captured.
  HoldState state = HoldState::kOpen;
  std::int64_t captured = 0;
  std::string order_source;  // The order it is for; both empty if none was named.
  std::string order_id;

  friend bool operator==(const Hold&, const Hold&) = default;
};

}  // namespace passmint::ledger
