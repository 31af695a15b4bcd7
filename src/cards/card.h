#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::cards {

// Stored as "pending", "active", "blocked", "closed". A pending card has a price that nobody paid
// yet: no points move and no pass is handed out.
enum class CardStatus { kPending, kActive, kBlocked, kClosed };

std::string_view ToText(CardStatus status);
std::optional<CardStatus> CardStatusFrom(std::string_view text);

// What a member carries: one Apple pass and one Google object.
struct Card {
  std::string id;   // UUIDv7 in hex; internal.
  MemberId member;  // Empty: an unassigned card of printed stock, which can do nothing yet.
  // Who carries a card of an organisation, and acts for it with it; empty: the member itself.
  MemberId holder = {};
  CardNumber number;  // The current one; older ones resolve to the card through the store.
  TemplateName template_name;
  CardStatus status = CardStatus::kActive;
  std::string status_reason;
  std::optional<Timestamp> blocked_until;  // A temporary block ends by itself at that instant.

  // Three independent secrets of at least 120 bits; none derives from the card number.
  LinkToken link_token;
  SerialNumber serial;
  std::string google_suffix;

  // Apple's authenticationToken is an HMAC under this master key; see crypto/master_key.h.
  std::string key_id;

  // Grows by one with every change that a phone shows. changed_at: whole seconds, strictly growing,
  // the card's half of Last-Modified (contract/api.md section 4, "No update is lost").
  std::int64_t revision = 1;
  Timestamp changed_at;
  Timestamp created_at;
};

// What the card is at `now`: a temporary block that ended counts as active.
CardStatus EffectiveStatus(const Card& card, Timestamp now);

// Whether the card stands as blocked by a block that was over at `now`.
bool BlockIsOver(const Card& card, Timestamp now);

// The following return the card after the change, with revision + 1 and a new changed_at.
// All fail with kConflict and reason "card_closed" if the card is closed; Block, Unblock and
// Replace also with "card_pending" if it is pending.

// Fails with kInvalidArgument if `reason` is empty or `until` is not in the future.
Result<Card> Block(Card card, std::string reason, std::optional<Timestamp> until, Timestamp now);

// Unblocking an active card changes nothing but is no failure.
Result<Card> Unblock(Card card, std::string reason, Timestamp now);

// The card was paid for. Not pending: nothing changes.
Result<Card> Activate(Card card, Timestamp now);

Result<Card> Close(Card card, std::string reason, Timestamp now);

// A new number on the same pass and object.
Result<Card> Replace(Card card, CardNumber new_number, Timestamp now);

// Revision + 1 and the next changed_at: max(now, previous + 1 s), whole seconds.
Card Touch(Card card, Timestamp now);

// The part of [0, 100) that a card falls into, the same for ever: SHA-free stable hash (FNV-1a) of
// its id. A design published to a ring of N percent reaches the cards with RingOf(card) < N.
int RingOf(const Card& card);

}  // namespace passmint::cards
