#include <utility>

#include "store/columns.h"
#include "store/rows.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using cards::Card;
using sql::Row;
using sql::Statement;

// Locks go member first, then cards: README.md, "Locks".
constexpr Statement kFindCard("SELECT " PASSMINT_CARD_COLUMNS
                              " FROM card WHERE programme = $1 AND id = $2 /*lock: FOR UPDATE*/");
constexpr Statement kFindCardByNumber(
    "SELECT " PASSMINT_CARD_COLUMNS
    ", card_number.compromised FROM card_number"
    " JOIN card ON card.programme = card_number.programme AND card.id = card_number.card"
    " WHERE card_number.programme = $1 AND card_number.number = $2"
    " /*lock: FOR UPDATE OF card*/");
constexpr Statement kCardsOfMember("SELECT " PASSMINT_CARD_COLUMNS
                                   ", " PASSMINT_NEWEST_DESIGN_CHANGE
                                   " FROM card WHERE programme = $1 AND member = $2"
                                   " ORDER BY created_at DESC, id DESC /*lock: FOR UPDATE*/");
constexpr Statement kFindCardByLinkToken("SELECT " PASSMINT_CARD_COLUMNS
                                         ", card.programme FROM card WHERE link_token = $1"
                                         " /*lock: FOR UPDATE*/");
constexpr Statement kFindCardBySerial("SELECT " PASSMINT_CARD_COLUMNS
                                      ", card.programme FROM card WHERE serial = $1"
                                      " /*lock: FOR UPDATE*/");

constexpr Statement kLockMember(
    "SELECT id FROM member WHERE programme = $1 AND id = $2 /*lock: FOR UPDATE*/");
constexpr Statement kLockMemberOfCard(
    "SELECT member.id FROM card"
    " JOIN member ON member.programme = card.programme AND member.id = card.member"
    " WHERE card.programme = $1 AND card.id = $2 /*lock: FOR UPDATE OF member*/");
constexpr Statement kLockMemberOfNumber(
    "SELECT member.id FROM card_number"
    " JOIN card ON card.programme = card_number.programme AND card.id = card_number.card"
    " JOIN member ON member.programme = card.programme AND member.id = card.member"
    " WHERE card_number.programme = $1 AND card_number.number = $2"
    " /*lock: FOR UPDATE OF member*/");
constexpr Statement kLockMemberOfLinkToken(
    "SELECT member.id FROM card"
    " JOIN member ON member.programme = card.programme AND member.id = card.member"
    " WHERE card.link_token = $1 /*lock: FOR UPDATE OF member*/");
constexpr Statement kLockMemberOfSerial(
    "SELECT member.id FROM card"
    " JOIN member ON member.programme = card.programme AND member.id = card.member"
    " WHERE card.serial = $1 /*lock: FOR UPDATE OF member*/");

constexpr Statement kInsertCard(
    "INSERT INTO card (programme, id, member, number, template, status, status_reason,"
    " blocked_until, link_token, serial, google_suffix, key_id, revision, changed_at, created_at,"
    " holder) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
#define PASSMINT_UPDATE_CARD                                                                       \
  "UPDATE card SET member = $3, number = $4, template = $5, status = $6, status_reason = $7,"      \
  " blocked_until = $8, link_token = $9, serial = $10, google_suffix = $11, key_id = $12,"         \
  " revision = $13, changed_at = $14, created_at = $15, holder = $16 WHERE programme = $1 AND id " \
  "= $2"

constexpr Statement kUpdateCard(PASSMINT_UPDATE_CARD);
// Nearly every change leaves the number alone.
constexpr Statement kUpdateCardOfNumber(PASSMINT_UPDATE_CARD " AND number = $4");

#undef PASSMINT_UPDATE_CARD

constexpr Statement kUpdateRevision(
    "UPDATE card SET revision = $3, changed_at = $4 WHERE programme = $1 AND id = $2");

constexpr Statement kClaimNumber(
    "INSERT INTO card_number (programme, number, card, compromised) VALUES ($1, $2, $3, 0)"
    " ON CONFLICT (programme, number) DO NOTHING");
constexpr Statement kCardOfNumber(
    "SELECT card FROM card_number WHERE programme = $1 AND number = $2");
constexpr Statement kMoveNumbers(
    "UPDATE card_number SET card = $3, compromised = 1 WHERE programme = $1 AND card = $2");
// EXCLUSIVE stands against whoever locks or writes a card, not against readers.
constexpr Statement kLockCards("LOCK TABLE card IN EXCLUSIVE MODE");
constexpr Statement kNewestCardChange(
    "SELECT changed_at FROM card WHERE programme = $1 AND template = $2"
    " ORDER BY changed_at DESC LIMIT 1");
constexpr Statement kBlocksEnded(
    "SELECT programme, id FROM card WHERE blocked_until <= $1 AND status = 'blocked'"
    " ORDER BY blocked_until LIMIT $2");
constexpr Statement kNextBlockEnd(
    "SELECT blocked_until FROM card WHERE blocked_until > $1 AND status = 'blocked'"
    " ORDER BY blocked_until LIMIT 1");

Result<issuance::Transaction::Located> ReadLocated(const Row& row) {
  auto card = ReadCard(row, 0);
  if (!card.ok()) return std::move(card).error();
  return issuance::Transaction::Located{IdAt<ProgrammeId>(row, kCardColumns),
                                        std::move(card).value()};
}

Result<issuance::Transaction::Numbered> ReadNumbered(const Row& row) {
  auto card = ReadCard(row, 0);
  if (!card.ok()) return std::move(card).error();
  return issuance::Transaction::Numbered{std::move(card).value(), row.Integer(kCardColumns) != 0};
}

// `write` is Connection::Execute or Send.
template <class Written>
Written WriteCard(sql::Connection& connection,
                  Written (sql::Connection::*write)(const Statement&, sql::Values),
                  const Statement& statement, const ProgrammeId& programme, const Card& card) {
  return (connection.*write)(
      statement, {programme, card.id, card.member, card.number, card.template_name,
                  cards::ToText(card.status), card.status_reason, MicrosOrNull(card.blocked_until),
                  card.link_token, card.serial, card.google_suffix, card.key_id, card.revision,
                  ToMicros(card.changed_at), ToMicros(card.created_at), card.holder});
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

Result<Card> ReadCard(const Row& row, int first) {
  const auto status = cards::CardStatusFrom(row.Text(first + 4));
  if (!status.has_value()) return Damaged("card.status");
  Card card;
  card.id = String(row, first);
  card.member = IdAt<MemberId>(row, first + 1);
  card.number = IdAt<CardNumber>(row, first + 2);
  card.template_name = IdAt<TemplateName>(row, first + 3);
  card.status = *status;
  card.status_reason = String(row, first + 5);
  card.blocked_until = InstantOrNull(row, first + 6);
  card.link_token = IdAt<LinkToken>(row, first + 7);
  card.serial = IdAt<SerialNumber>(row, first + 8);
  card.google_suffix = String(row, first + 9);
  card.key_id = String(row, first + 10);
  card.revision = row.Integer(first + 11);
  card.changed_at = Instant(row, first + 12);
  card.created_at = Instant(row, first + 13);
  card.holder = IdAt<MemberId>(row, first + 14);
  return card;
}

Result<std::optional<Card>> SqlTransaction::FindCard(const ProgrammeId& programme,
                                                     const std::string& id) {
  if (Status locked = connection_.Lock(kLockMemberOfCard, {programme, id}); !locked.ok()) {
    return std::move(locked).error();
  }
  return FindOne<Card>(connection_, kFindCard, {programme, id},
                       [](const Row& row) { return ReadCard(row, 0); });
}

Result<std::optional<SqlTransaction::Numbered>> SqlTransaction::FindCardByNumber(
    const ProgrammeId& programme, const CardNumber& number) {
  // The card that the number leads to once the member stands still: a replacement may just have
  // moved the number to another one.
  if (Status locked = connection_.Lock(kLockMemberOfNumber, {programme, number}); !locked.ok()) {
    return std::move(locked).error();
  }
  return FindOne<Numbered>(connection_, kFindCardByNumber, {programme, number}, ReadNumbered);
}

Result<std::vector<Card>> SqlTransaction::CardsOfMember(const ProgrammeId& programme,
                                                        const MemberId& member) {
  const auto key = std::pair(programme, member);
  if (const auto seen = cards_seen_.find(key); seen != cards_seen_.end()) return seen->second;
  if (Status locked = connection_.Lock(kLockMember, {programme, member}); !locked.ok()) {
    return std::move(locked).error();
  }
  auto cards = FindAll<Card>(connection_, kCardsOfMember, {programme, member}, [&](const Row& row) {
    auto card = ReadCard(row, 0);
    if (card.ok()) SeeDesignOf(card.value(), programme, InstantOrNull(row, kCardColumns));
    return card;
  });
  if (cards.ok()) cards_seen_[key] = cards.value();
  return cards;
}

Result<bool> SqlTransaction::InsertCard(const ProgrammeId& programme, const Card& card) {
  cards_seen_.clear();
  auto claimed = Wrote(connection_.Execute(kClaimNumber, {programme, card.number, card.id}));
  if (!claimed.ok() || !claimed.value()) return claimed;
  Status sent = WriteCard(connection_, &sql::Connection::Send, kInsertCard, programme, card);
  if (!sent.ok()) return std::move(sent).error();
  return true;
}

Result<bool> SqlTransaction::UpdateCard(const ProgrammeId& programme, const Card& card) {
  cards_seen_.clear();
  auto unchanged = Wrote(
      WriteCard(connection_, &sql::Connection::Execute, kUpdateCardOfNumber, programme, card));
  if (!unchanged.ok() || unchanged.value()) return unchanged;
  auto claimed = ClaimNumber(connection_, programme, card);
  if (!claimed.ok() || !claimed.value()) return claimed;
  auto updated =
      Wrote(WriteCard(connection_, &sql::Connection::Execute, kUpdateCard, programme, card));
  if (!updated.ok() || updated.value()) return updated;
  return Error{.code = ErrorCode::kInternal, .message = "no card to change: " + card.id};
}

Status SqlTransaction::UpdateCardRevision(const ProgrammeId& programme, const Card& card) {
  const auto seen = cards_seen_.find({programme, card.member});
  if (seen != cards_seen_.end()) {
    for (Card& known : seen->second) {
      if (known.id != card.id) continue;
      known.revision = card.revision;
      known.changed_at = card.changed_at;
    }
  }
  return connection_.Send(kUpdateRevision,
                          {programme, card.id, card.revision, ToMicros(card.changed_at)});
}

Status SqlTransaction::MoveCardNumbers(const ProgrammeId& programme, const std::string& from,
                                       const std::string& to) {
  return connection_.Send(kMoveNumbers, {programme, from, to});
}

Result<std::optional<SqlTransaction::Located>> SqlTransaction::FindCardByLinkToken(
    const LinkToken& token) {
  if (Status locked = connection_.Lock(kLockMemberOfLinkToken, {token}); !locked.ok()) {
    return std::move(locked).error();
  }
  return FindOne<Located>(connection_, kFindCardByLinkToken, {token}, ReadLocated);
}

Result<std::optional<SqlTransaction::Located>> SqlTransaction::FindCardBySerial(
    const SerialNumber& serial) {
  if (Status locked = connection_.Lock(kLockMemberOfSerial, {serial}); !locked.ok()) {
    return std::move(locked).error();
  }
  return FindOne<Located>(connection_, kFindCardBySerial, {serial}, ReadLocated);
}

Result<std::vector<SqlTransaction::CardOfProgramme>> SqlTransaction::BlocksEnded(Timestamp now,
                                                                                 int limit) {
  return FindAll<CardOfProgramme>(
      connection_, kBlocksEnded, {ToMicros(now), limit}, [](const Row& row) {
        return Result(CardOfProgramme{IdAt<ProgrammeId>(row, 0), String(row, 1)});
      });
}

Result<std::optional<Timestamp>> SqlTransaction::NextBlockEndAfter(Timestamp now) {
  return FindOne<Timestamp>(connection_, kNextBlockEnd, {ToMicros(now)},
                            [](const Row& row) { return Result(Instant(row, 0)); });
}

Result<std::optional<Timestamp>> SqlTransaction::NewestCardChange(const ProgrammeId& programme,
                                                                  const TemplateName& name) {
  if (Status locked = connection_.Lock(kLockCards, {}); !locked.ok()) {
    return std::move(locked).error();
  }
  return FindOne<Timestamp>(connection_, kNewestCardChange, {programme, name},
                            [](const Row& row) { return Result(Instant(row, 0)); });
}

}  // namespace passmint::store
