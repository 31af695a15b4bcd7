#include <algorithm>
#include <chrono>
#include <utility>

#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger::internal {
namespace {

std::int64_t AmountOf(const Hold& hold) {
  std::int64_t sum = 0;
  for (const Hold::Part& part : hold.parts) sum += part.amount;
  return sum;
}

const Hold* Find(const std::vector<Hold>& holds, const HoldId& id) {
  const auto found =
      std::find_if(holds.begin(), holds.end(), [&id](const Hold& hold) { return hold.id == id; });
  return found == holds.end() ? nullptr : &*found;
}

// Open, or ended by time just now.
Result<Hold> FindHold(const Draft& draft, const HoldId& id) {
  const Hold* hold = Find(draft.account().holds, id);
  if (hold == nullptr) hold = Find(draft.ended(), id);
  if (hold == nullptr) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "there is no open hold " + id.str(),
                 .reason = "hold_unknown"};
  }
  return *hold;
}

Status Check(const Draft& draft, const PlaceHold& place) {
  if (place.amount <= 0) return Invalid("invalid_command", "a hold is for at least 1");
  if (place.amount > kAmountMax) return AmountTooLarge("the hold");
  if (place.lifetime.count() <= 0 || place.lifetime > kHoldLifetimeMax) {
    return Invalid("invalid_command", "a hold lives up to 7 days");
  }
  if (place.id.empty() || Find(draft.account().holds, place.id) != nullptr) {
    return Invalid("invalid_command", "the hold's id is empty or taken");
  }
  return {};
}

}  // namespace

Status Decide(Draft& draft, const PlaceHold& place) {
  if (Status valid = Check(draft, place); !valid.ok()) return valid;
  Hold hold{.id = place.id,
            .asset = place.asset,
            .parts = {},
            .created_at = draft.now(),
            .expires_at = draft.now() + place.lifetime,
            .state = HoldState::kOpen,
            .captured = 0,
            .order_source = place.order_source,
            .order_id = place.order_id};
  draft.Begin(EntryType::kHold, place.asset, DocumentOf(hold));
  auto parts = draft.Take(place.asset, place.amount, kSetAside);
  if (!parts.ok()) return std::move(parts).error();
  hold.parts = std::move(parts).value();
  draft.Open(hold);
  draft.End();
  return {};
}

Result<Hold> HoldToCapture(const Draft& draft, const HoldId& id, std::int64_t amount) {
  Result<Hold> found = FindHold(draft, id);
  if (!found.ok()) return found;
  const Hold& hold = found.value();
  if (hold.state == HoldState::kExpired) {
    return Conflict("hold_expired", "hold " + id.str() + " has expired");
  }
  if (hold.state != HoldState::kOpen) {
    return Conflict("hold_ended", "hold " + id.str() + " has ended");
  }
  if (amount > AmountOf(hold)) {
    return Invalid("over_capture", "the hold is of " + std::to_string(AmountOf(hold)) + ", " +
                                       std::to_string(amount) + " are to be captured");
  }
  return found;
}

Result<std::vector<Hold::Part>> EndHold(Draft& draft, const Hold& hold) {
  std::vector<Hold::Part> burned;
  std::int64_t left = hold.captured;
  for (const Hold::Part& part : hold.parts) {
    Lot* lot = draft.FindLot(part.lot);
    if (lot == nullptr) return LotsNotLoaded("lot " + std::to_string(part.lot) + " of a hold");
    if (lot->held < part.amount) {
      return Broken("lot_held", "lot " + std::to_string(part.lot) + " holds less than its holds");
    }
    const std::int64_t taken = std::min(left, part.amount);
    draft.Move(*lot, kCapture, taken);
    const bool expired = lot->expires_at <= draft.instant();
    draft.Move(*lot, expired ? kExpireHeld : kRelease, part.amount - taken);
    if (taken > 0) burned.push_back({.lot = lot->id, .amount = taken});
    left -= taken;
  }
  draft.Close(hold);
  return burned;
}

Status Decide(Draft& draft, const CaptureHold& capture) {
  if (capture.amount < 0) return Invalid("invalid_command", "a capture is not negative");
  Result<Hold> found = HoldToCapture(draft, capture.id, capture.amount);
  if (!found.ok()) return std::move(found).error();
  Hold hold = std::move(found).value();
  hold.state = HoldState::kCaptured;
  hold.captured = capture.amount;
  draft.Begin(EntryType::kCapture, hold.asset, DocumentOf(hold));
  const auto burned = EndHold(draft, hold);
  if (!burned.ok()) return burned.error();
  draft.End();
  draft.totals().spent = capture.amount;
  return draft.OffsetDebt(DocumentOf(hold));
}

Status Decide(Draft& draft, const VoidHold& release) {
  Result<Hold> found = FindHold(draft, release.id);
  if (!found.ok()) return std::move(found).error();
  Hold hold = std::move(found).value();
  if (hold.state == HoldState::kCaptured) {
    return Conflict("hold_ended", "hold " + hold.id.str() + " was captured");
  }
  if (hold.state != HoldState::kOpen) return {};
  hold.state = HoldState::kVoided;
  draft.Begin(EntryType::kVoid, hold.asset, DocumentOf(hold));
  const auto released = EndHold(draft, hold);
  if (!released.ok()) return released.error();
  draft.End();
  return draft.OffsetDebt(DocumentOf(hold));
}

}  // namespace passmint::ledger::internal
