#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using cards::Card;
using sql::Row;
using sql::Statement;

#define PASSMINT_CARD_COLUMNS                                                           \
  "card.id, card.member, card.number, card.template, card.status, card.status_reason, " \
  "card.blocked_until, card.link_token, card.serial, card.google_suffix, card.key_id, " \
  "card.revision, card.changed_at, card.created_at"

constexpr Statement kFindCard("SELECT " PASSMINT_CARD_COLUMNS
                              " FROM card WHERE programme = $1 AND id = $2");
constexpr Statement kFindCardByNumber(
    "SELECT " PASSMINT_CARD_COLUMNS
    ", card_number.compromised FROM card_number"
    " JOIN card ON card.programme = card_number.programme AND card.id = card_number.card"
    " WHERE card_number.programme = $1 AND card_number.number = $2");
constexpr Statement kCardsOfMember("SELECT " PASSMINT_CARD_COLUMNS
                                   " FROM card WHERE programme = $1 AND member = $2"
                                   " ORDER BY created_at DESC, id DESC");
constexpr Statement kFindCardByLinkToken("SELECT " PASSMINT_CARD_COLUMNS
                                         ", card.programme FROM card WHERE link_token = $1");
constexpr Statement kFindCardBySerial("SELECT " PASSMINT_CARD_COLUMNS
                                      ", card.programme FROM card WHERE serial = $1");

#undef PASSMINT_CARD_COLUMNS

constexpr Statement kInsertCard(
    "INSERT INTO card (programme, id, member, number, template, status, status_reason,"
    " blocked_until, link_token, serial, google_suffix, key_id, revision, changed_at, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
constexpr Statement kUpdateCard(
    "UPDATE card SET member = $3, number = $4, template = $5, status = $6, status_reason = $7,"
    " blocked_until = $8, link_token = $9, serial = $10, google_suffix = $11, key_id = $12,"
    " revision = $13, changed_at = $14, created_at = $15 WHERE programme = $1 AND id = $2");

constexpr Statement kNumberOfCard("SELECT number FROM card WHERE programme = $1 AND id = $2");
constexpr Statement kClaimNumber(
    "INSERT INTO card_number (programme, number, card, compromised) VALUES ($1, $2, $3, 0)"
    " ON CONFLICT (programme, number) DO NOTHING");
constexpr Statement kCardOfNumber(
    "SELECT card FROM card_number WHERE programme = $1 AND number = $2");
constexpr Statement kMoveNumbers(
    "UPDATE card_number SET card = $3, compromised = 1 WHERE programme = $1 AND card = $2");
constexpr Statement kNewestCardChange(
    "SELECT changed_at FROM card WHERE programme = $1 AND template = $2"
    " ORDER BY changed_at DESC LIMIT 1");

// The column behind those of every card.
constexpr int kColumnBehindCard = 14;

Result<Card> ReadCard(const Row& row) {
  const auto status = cards::CardStatusFrom(row.Text(4));
  if (!status.has_value()) return Damaged("card.status");
  Card card;
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

Result<issuance::Transaction::Located> ReadLocated(const Row& row) {
  auto card = ReadCard(row);
  if (!card.ok()) return std::move(card).error();
  return issuance::Transaction::Located{IdAt<ProgrammeId>(row, kColumnBehindCard),
                                        std::move(card).value()};
}

Result<issuance::Transaction::Numbered> ReadNumbered(const Row& row) {
  auto card = ReadCard(row);
  if (!card.ok()) return std::move(card).error();
  return issuance::Transaction::Numbered{std::move(card).value(),
                                         row.Integer(kColumnBehindCard) != 0};
}

Result<std::int64_t> WriteCard(sql::Connection& connection, const Statement& statement,
                               const ProgrammeId& programme, const Card& card) {
  return connection.Execute(
      statement, {programme, card.id, card.member, card.number, card.template_name,
                  cards::ToText(card.status), card.status_reason, MicrosOrNull(card.blocked_until),
                  card.link_token, card.serial, card.google_suffix, card.key_id, card.revision,
                  ToMicros(card.changed_at), ToMicros(card.created_at)});
}

Result<std::string> ReadText(const Row& row) { return String(row, 0); }

// True if the number is the card's from now on or was so before.
Result<bool> ClaimNumber(sql::Connection& connection, const ProgrammeId& programme,
                         const Card& card) {
  auto claimed = Wrote(connection.Execute(kClaimNumber, {programme, card.number, card.id}));
  if (!claimed.ok() || claimed.value()) return claimed;
  const auto owner =
      FindOne<std::string>(connection, kCardOfNumber, {programme, card.number}, ReadText);
  if (!owner.ok()) return owner.error();
  return owner.value() == card.id;
}

}  // namespace

Result<std::optional<Card>> SqlTransaction::FindCard(const ProgrammeId& programme,
                                                     const std::string& id) {
  return FindOne<Card>(connection_, kFindCard, {programme, id}, ReadCard);
}

Result<std::optional<SqlTransaction::Numbered>> SqlTransaction::FindCardByNumber(
    const ProgrammeId& programme, const CardNumber& number) {
  return FindOne<Numbered>(connection_, kFindCardByNumber, {programme, number}, ReadNumbered);
}

Result<std::vector<Card>> SqlTransaction::CardsOfMember(const ProgrammeId& programme,
                                                        const MemberId& member) {
  return FindAll<Card>(connection_, kCardsOfMember, {programme, member}, ReadCard);
}

Result<bool> SqlTransaction::InsertCard(const ProgrammeId& programme, const Card& card) {
  auto claimed = Wrote(connection_.Execute(kClaimNumber, {programme, card.number, card.id}));
  if (!claimed.ok() || !claimed.value()) return claimed;
  return Wrote(WriteCard(connection_, kInsertCard, programme, card));
}

Result<bool> SqlTransaction::UpdateCard(const ProgrammeId& programme, const Card& card) {
  const auto number =
      FindOne<std::string>(connection_, kNumberOfCard, {programme, card.id}, ReadText);
  if (!number.ok()) return number.error();
  if (!number.value().has_value()) {
    return Error{.code = ErrorCode::kInternal, .message = "no card to change: " + card.id};
  }
  if (*number.value() != card.number.str()) {
    auto claimed = ClaimNumber(connection_, programme, card);
    if (!claimed.ok() || !claimed.value()) return claimed;
  }
  return Wrote(WriteCard(connection_, kUpdateCard, programme, card));
}

Status SqlTransaction::MoveCardNumbers(const ProgrammeId& programme, const std::string& from,
                                       const std::string& to) {
  return Done(connection_.Execute(kMoveNumbers, {programme, from, to}));
}

Result<std::optional<SqlTransaction::Located>> SqlTransaction::FindCardByLinkToken(
    const LinkToken& token) {
  return FindOne<Located>(connection_, kFindCardByLinkToken, {token}, ReadLocated);
}

Result<std::optional<SqlTransaction::Located>> SqlTransaction::FindCardBySerial(
    const SerialNumber& serial) {
  return FindOne<Located>(connection_, kFindCardBySerial, {serial}, ReadLocated);
}

Result<std::optional<Timestamp>> SqlTransaction::NewestCardChange(const ProgrammeId& programme,
                                                                  const TemplateName& name) {
  return FindOne<Timestamp>(connection_, kNewestCardChange, {programme, name},
                            [](const Row& row) { return Result(Instant(row, 0)); });
}

}  // namespace passmint::store
