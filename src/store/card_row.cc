#include "store/card_row.h"

#include "store/columns.h"

namespace passmint::store {

Result<cards::Card> ReadCard(const sql::Row& row) {
  const auto status = cards::CardStatusFrom(row.Text(4));
  if (!status.has_value()) return Damaged("card.status");
  cards::Card card;
  card.id = String(row, 0);
  card.member = IdAt<MemberId>(row, 1);
  card.number = IdAt<CardNumber>(row, 2);
  card.template_name = IdAt<TemplateName>(row, 3);
  card.status = *status;
  card.status_reason = String(row, 5);
  card.blocked_until = InstantOrNull(row, 6);
  card.link_token = IdAt<LinkToken>(row, 7);
  card.serial = IdAt<SerialNumber>(row, 8);
  card.google_suffix = String(row, 9);
  card.key_id = String(row, 10);
  card.revision = row.Integer(11);
  card.changed_at = Instant(row, 12);
  card.created_at = Instant(row, 13);
  return card;
}

}  // namespace passmint::store
