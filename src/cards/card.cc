#include "cards/card.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace passmint::cards {
namespace {

Status RefuseIfClosed(const Card& card) {
  if (card.status != CardStatus::kClosed) return {};
  return Error{.code = ErrorCode::kConflict, .message = "card is closed", .reason = "card_closed"};
}

Status RefuseUnlessIssued(const Card& card) {
  if (card.status != CardStatus::kPending) return RefuseIfClosed(card);
  return Error{.code = ErrorCode::kConflict,
               .message = "the card was not paid for yet",
               .reason = "card_pending",
               .hint = "report its payment: POST /api/v1/cards/{number}/paid; or close it"};
}

}  // namespace

std::string_view ToText(CardStatus status) {
  switch (status) {
    case CardStatus::kPending:
      return "pending";
    case CardStatus::kActive:
      return "active";
    case CardStatus::kBlocked:
      return "blocked";
    case CardStatus::kClosed:
      return "closed";
  }
  return "closed";  // Not reached: -Wswitch makes a missing case an error.
}

std::optional<CardStatus> CardStatusFrom(std::string_view text) {
  for (const CardStatus status :
       {CardStatus::kPending, CardStatus::kActive, CardStatus::kBlocked, CardStatus::kClosed}) {
    if (text == ToText(status)) return status;
  }
  return std::nullopt;
}

CardStatus EffectiveStatus(const Card& card, Timestamp now) {
  return BlockIsOver(card, now) ? CardStatus::kActive : card.status;
}

bool BlockIsOver(const Card& card, Timestamp now) {
  return card.status == CardStatus::kBlocked && card.blocked_until.has_value() &&
         *card.blocked_until <= now;
}

Result<Card> Block(Card card, std::string reason, std::optional<Timestamp> until, Timestamp now) {
  if (Status open = RefuseUnlessIssued(card); !open.ok()) return std::move(open).error();
  if (reason.empty()) {
    return InvalidInput("required", "/reason", "a block needs a reason for whoever lifts it");
  }
  if (until.has_value() && *until <= now) {
    return InvalidInput("not_in_future", "/until", "the end of a block is in the future");
  }
  card.status = CardStatus::kBlocked;
  card.status_reason = std::move(reason);
  card.blocked_until = until;
  return Touch(std::move(card), now);
}

Result<Card> Unblock(Card card, std::string reason, Timestamp now) {
  if (Status open = RefuseUnlessIssued(card); !open.ok()) return std::move(open).error();
  if (card.status == CardStatus::kActive) return card;
  card.status = CardStatus::kActive;
  card.status_reason = std::move(reason);
  card.blocked_until.reset();
  return Touch(std::move(card), now);
}

Result<Card> Activate(Card card, Timestamp now) {
  if (Status open = RefuseIfClosed(card); !open.ok()) return std::move(open).error();
  if (card.status != CardStatus::kPending) return card;
  card.status = CardStatus::kActive;
  return Touch(std::move(card), now);
}

Result<Card> Close(Card card, std::string reason, Timestamp now) {
  if (Status open = RefuseIfClosed(card); !open.ok()) return std::move(open).error();
  card.status = CardStatus::kClosed;
  card.status_reason = std::move(reason);
  card.blocked_until.reset();
  return Touch(std::move(card), now);
}

Result<Card> Replace(Card card, CardNumber new_number, Timestamp now) {
  if (Status open = RefuseUnlessIssued(card); !open.ok()) return std::move(open).error();
  card.number = std::move(new_number);
  return Touch(std::move(card), now);
}

Card Touch(Card card, Timestamp now) {
  const auto previous = std::chrono::floor<std::chrono::seconds>(card.changed_at);
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  card.changed_at = std::max(second, previous + std::chrono::seconds(1));
  ++card.revision;
  return card;
}

int RingOf(const Card& card) {
  // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : card.id) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211u;
  }
  return static_cast<int>(hash % 100);
}

}  // namespace passmint::cards
