#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

// What a card or a member has for itself.

namespace passmint::store {
namespace {

using Terms = issuance::CardTerms;
using issuance::Membership;
using issuance::SourcedAttribute;
using sql::Row;
using sql::Statement;

constexpr Statement kFindTerms(
    "SELECT card, rate_ppm, price_minor, paid_at, payment FROM card_terms"
    " WHERE programme = $1 AND card = $2");
constexpr Statement kPutTerms(
    "INSERT INTO card_terms (programme, card, rate_ppm, price_minor, paid_at, payment)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (programme, card) DO UPDATE"
    " SET rate_ppm = excluded.rate_ppm, price_minor = excluded.price_minor,"
    " paid_at = excluded.paid_at, payment = excluded.payment");

#define PASSMINT_MEMBERSHIP_COLUMNS                                                               \
  "id, member, plan, price_minor, source, order_id, starts_at, ends_at, lapses_at, cancelled_at," \
  " actor, created_at"

constexpr Statement kInsertMembership(
    "INSERT INTO membership (programme, " PASSMINT_MEMBERSHIP_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING");
constexpr Statement kFindMembership("SELECT " PASSMINT_MEMBERSHIP_COLUMNS
                                    " FROM membership WHERE programme = $1 AND id = $2");
constexpr Statement kMemberships("SELECT " PASSMINT_MEMBERSHIP_COLUMNS
                                 " FROM membership WHERE programme = $1 AND member = $2"
                                 " AND lapses_at > $3 ORDER BY lapses_at DESC LIMIT $4");
constexpr Statement kUpdateMembership(
    "UPDATE membership SET ends_at = $3, lapses_at = $4, cancelled_at = $5"
    " WHERE programme = $1 AND id = $2");
constexpr Statement kMoveMemberships(
    "UPDATE membership SET member = $3 WHERE programme = $1 AND member = $2");

constexpr Statement kAttributeSources(
    "SELECT name, source FROM attribute_source WHERE programme = $1 AND member = $2 ORDER BY name");
constexpr Statement kPutAttributeSource(
    "INSERT INTO attribute_source (programme, member, name, source) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (programme, member, name) DO UPDATE SET source = excluded.source");

Result<Terms> ReadTerms(const Row& row) {
  Terms terms{.card = String(row, 0),
              .rate_ppm = std::nullopt,
              .price_minor = row.Integer(2),
              .paid_at = InstantOrNull(row, 3),
              .payment = String(row, 4)};
  if (!row.IsNull(1)) terms.rate_ppm = row.Integer(1);
  return terms;
}

Result<Membership> ReadMembership(const Row& row) {
  return Membership{.id = String(row, 0),
                    .member = IdAt<MemberId>(row, 1),
                    .plan = String(row, 2),
                    .price_minor = row.Integer(3),
                    .source = String(row, 4),
                    .order = String(row, 5),
                    .starts_at = Instant(row, 6),
                    .ends_at = Instant(row, 7),
                    .lapses_at = Instant(row, 8),
                    .cancelled_at = InstantOrNull(row, 9),
                    .actor = String(row, 10),
                    .created_at = Instant(row, 11)};
}

Result<SourcedAttribute> ReadSource(const Row& row) {
  const auto source = issuance::AttributeSourceFrom(row.Text(1));
  if (!source) return Damaged("attribute_source.source");
  return SourcedAttribute{.name = String(row, 0), .source = *source};
}

}  // namespace

Result<std::optional<Terms>> SqlTransaction::FindCardTerms(const ProgrammeId& programme,
                                                           const std::string& card) {
  return FindOne<Terms>(connection_, kFindTerms, {programme, card}, ReadTerms);
}

Status SqlTransaction::PutCardTerms(const ProgrammeId& programme, const Terms& terms) {
  return connection_.Send(kPutTerms, {programme, terms.card, terms.rate_ppm, terms.price_minor,
                                      MicrosOrNull(terms.paid_at), terms.payment});
}

Result<bool> SqlTransaction::InsertMembership(const ProgrammeId& programme,
                                              const Membership& membership) {
  return Wrote(connection_.Execute(
      kInsertMembership,
      {programme, membership.id, membership.member, membership.plan, membership.price_minor,
       membership.source, membership.order, ToMicros(membership.starts_at),
       ToMicros(membership.ends_at), ToMicros(membership.lapses_at),
       MicrosOrNull(membership.cancelled_at), membership.actor, ToMicros(membership.created_at)}));
}

Result<std::optional<Membership>> SqlTransaction::FindMembership(const ProgrammeId& programme,
                                                                 const std::string& id) {
  return FindOne<Membership>(connection_, kFindMembership, {programme, id}, ReadMembership);
}

Result<std::vector<Membership>> SqlTransaction::MembershipsOf(const ProgrammeId& programme,
                                                              const MemberId& member,
                                                              Timestamp after, int limit) {
  return FindAll<Membership>(connection_, kMemberships, {programme, member, ToMicros(after), limit},
                             ReadMembership);
}

Status SqlTransaction::UpdateMembership(const ProgrammeId& programme,
                                        const Membership& membership) {
  return connection_.Send(kUpdateMembership,
                          {programme, membership.id, ToMicros(membership.ends_at),
                           ToMicros(membership.lapses_at), MicrosOrNull(membership.cancelled_at)});
}

Status SqlTransaction::MoveMemberships(const ProgrammeId& programme, const MemberId& from,
                                       const MemberId& to) {
  return connection_.Send(kMoveMemberships, {programme, from, to});
}

Result<std::vector<SourcedAttribute>> SqlTransaction::AttributeSources(const ProgrammeId& programme,
                                                                       const MemberId& member) {
  return FindAll<SourcedAttribute>(connection_, kAttributeSources, {programme, member}, ReadSource);
}

Status SqlTransaction::PutAttributeSource(const ProgrammeId& programme, const MemberId& member,
                                          const SourcedAttribute& attribute) {
  return connection_.Send(kPutAttributeSource,
                          {programme, member, attribute.name, ToText(attribute.source)});
}

}  // namespace passmint::store
