#pragma once

#include "base/result.h"
#include "cards/card.h"
#include "sql/connection.h"

// The columns of a card, first in every statement that reads one. A macro, because statements are
// literals.
#define PASSMINT_CARD_COLUMNS                                                           \
  "card.id, card.member, card.number, card.template, card.status, card.status_reason, " \
  "card.blocked_until, card.link_token, card.serial, card.google_suffix, card.key_id, " \
  "card.revision, card.changed_at, card.created_at"

namespace passmint::store {

// The column behind those of a card.
inline constexpr int kColumnsOfCard = 14;

// Fails with kInternal if the row cannot be read.
Result<cards::Card> ReadCard(const sql::Row& row);

}  // namespace passmint::store
