#include <utility>

#include "store/columns.h"
#include "store/rows.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using cards::Identity;
using cards::IdentityType;
using cards::Member;
using sql::Row;
using sql::Statement;

// What CheckAttributes lets in fits many times over.
constexpr std::size_t kAttributesBytesMax = 1024 * 1024;

constexpr Statement kFindMember("SELECT " PASSMINT_MEMBER_COLUMNS
                                " FROM member WHERE programme = $1 AND id = $2"
                                " /*lock: FOR UPDATE*/");
constexpr Statement kInsertMember(
    "INSERT INTO member (programme, id, name, locale, birthday, attributes, erased, created_at,"
    " changed_at, account, merged_into, time_zone, opted_in, opted_at, opted_by, acts_for)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
constexpr Statement kUpdateMember(
    "UPDATE member SET name = $3, locale = $4, birthday = $5, attributes = $6, erased = $7,"
    " changed_at = $8, account = $9, merged_into = $10, time_zone = $11, opted_in = $12,"
    " opted_at = $13, opted_by = $14, acts_for = $15"
    " WHERE programme = $1 AND id = $2");
constexpr Statement kEraseMember(
    "UPDATE member SET name = '', locale = '', birthday = NULL, attributes = '{}', erased = 1,"
    " changed_at = $3, time_zone = ''"
    " WHERE programme = $1 AND id = $2");

// The member's own before those that a merge brought.
constexpr Statement kIdentitiesOfMember(
    "SELECT type, value, verified_at FROM member_identity WHERE programme = $1 AND member = $2"
    " ORDER BY type, merged, value");
// An identity of somebody else is left as it is, and no row counts as written.
constexpr Statement kAttachIdentity(
    "INSERT INTO member_identity (programme, type, value, member, verified_at, merged)"
    " VALUES ($1, $2, $3, $4, $5, 0)"
    " ON CONFLICT (programme, type, value) DO UPDATE"
    " SET verified_at = coalesce(excluded.verified_at, member_identity.verified_at)"
    " WHERE member_identity.member = excluded.member");
constexpr Statement kDetachIdentity(
    "DELETE FROM member_identity WHERE programme = $1 AND member = $2 AND type = $3");
constexpr Statement kDetachAll("DELETE FROM member_identity WHERE programme = $1 AND member = $2");

constexpr Statement kForgetSources(
    "DELETE FROM attribute_source WHERE programme = $1 AND member = $2");

constexpr Statement kMoveIdentities(
    "UPDATE member_identity SET member = $3, merged = 1 WHERE programme = $1 AND member = $2");
constexpr Statement kMoveCards("UPDATE card SET member = $3 WHERE programme = $1 AND member = $2");
constexpr Statement kMoveOrders(
    "UPDATE shop_order SET member = $3 WHERE programme = $1 AND member = $2");
constexpr Statement kMoveCoupons(
    "UPDATE coupon_code SET member = $3"
    " WHERE programme = $1 AND member = $2 AND member <> ''");
constexpr Statement kMoveClaims(
    "UPDATE reward_claim SET member = $3 WHERE programme = $1 AND member = $2");
constexpr Statement kMoveEvents(
    "UPDATE event SET member = $3 WHERE programme = $1 AND member = $2");
// Who was brought, and who brings, stays so, unless the other was or is one too.
constexpr Statement kMoveReferral(
    "UPDATE referral SET friend = $3 WHERE programme = $1 AND friend = $2 AND NOT EXISTS"
    " (SELECT 1 FROM referral AS own WHERE own.programme = $1 AND own.friend = $3)");
constexpr Statement kMovePromoter(
    "UPDATE promoter SET member = $3 WHERE programme = $1 AND member = $2 AND NOT EXISTS"
    " (SELECT 1 FROM promoter AS own WHERE own.programme = $1 AND own.member = $3)");
// What both were given stays given.
constexpr Statement kCopyAwards(
    "INSERT INTO award (programme, member, rule, occurrence, given_at, rule_set, count, points,"
    " entry, limits) SELECT programme, $3, rule, occurrence, given_at, rule_set, count, points,"
    " entry, limits FROM award WHERE programme = $1 AND member = $2"
    " ON CONFLICT (programme, member, rule, occurrence) DO NOTHING");
// Whose guest the other is already, by invitation of the same or another, stays so.
constexpr Statement kCopyGuests(
    "INSERT INTO organisation_guest (programme, organisation, member, host, since, until, actor)"
    " SELECT programme, organisation, $3, host, since, until, actor FROM organisation_guest"
    " WHERE programme = $1 AND member = $2 ON CONFLICT (programme, organisation, member)"
    " DO UPDATE SET host = excluded.host, since = excluded.since, until = excluded.until,"
    " actor = excluded.actor WHERE organisation_guest.until IS NOT NULL"
    " AND (excluded.until IS NULL OR excluded.until > organisation_guest.until)");
constexpr Statement kDropGuests(
    "DELETE FROM organisation_guest WHERE programme = $1 AND member = $2");
constexpr Statement kDropAwards("DELETE FROM award WHERE programme = $1 AND member = $2");
// The other's level is looked at anew.
constexpr Statement kForgetTier("DELETE FROM member_tier WHERE programme = $1 AND member = $2");
constexpr Statement kMoveAnswers("UPDATE stored_answer SET member = $2 WHERE member = $1");
constexpr Statement kMergedInto(
    "SELECT id FROM member WHERE programme = $1 AND merged_into = $2 AND merged_into <> ''"
    " ORDER BY id");

constexpr Statement kEraseOrders(
    "UPDATE shop_order SET body = '{}' WHERE programme = $1 AND member = $2");
constexpr Statement kEraseEvents(
    "UPDATE event SET proof = '' WHERE programme = $1 AND member = $2");
constexpr Statement kLeaveGroups("DELETE FROM group_member WHERE programme = $1 AND member = $2");
constexpr Statement kEraseAnswers("DELETE FROM stored_answer WHERE member = $1");

std::optional<std::string> DateOrNull(const Member& member) {
  if (!member.birthday.has_value()) return std::nullopt;
  return FormatDate(*member.birthday);
}

std::int64_t OptedIn(const Member& member) {
  return member.opted_in && member.opted_in->in ? 1 : 0;
}

std::optional<std::int64_t> OptedAt(const Member& member) {
  if (!member.opted_in) return std::nullopt;
  return ToMicros(member.opted_in->at);
}

std::string OptedBy(const Member& member) {
  return member.opted_in ? member.opted_in->source : std::string();
}

Error NoSuchMember(const MemberId& id) {
  return Error{.code = ErrorCode::kInternal, .message = "no member to change: " + id.str()};
}

}  // namespace

Result<Member> ReadMember(const Row& row, int first) {
  Member member;
  member.id = IdAt<MemberId>(row, first);
  member.name = String(row, first + 1);
  member.locale = String(row, first + 2);
  if (!row.IsNull(first + 3)) {
    const auto birthday = ParseDate(row.Text(first + 3));
    if (!birthday.ok()) return Damaged("member.birthday");
    member.birthday = birthday.value();
  }
  auto attributes = json::Parse(row.Text(first + 4), kAttributesBytesMax);
  if (!attributes.ok()) return Damaged("member.attributes");
  member.attributes = std::move(attributes).value();
  member.erased = row.Integer(first + 5) != 0;
  member.created_at = Instant(row, first + 6);
  member.changed_at = Instant(row, first + 7);
  member.account = IdAt<AccountId>(row, first + 8);
  member.merged_into = IdAt<MemberId>(row, first + 9);
  member.time_zone = String(row, first + 10);
  if (!row.IsNull(first + 12)) {
    member.opted_in = cards::OptIn{.in = row.Integer(first + 11) != 0,
                                   .at = Instant(row, first + 12),
                                   .source = String(row, first + 13)};
  }
  member.acts_for = IdAt<MemberId>(row, first + 14);
  return member;
}

Result<Identity> ReadIdentity(const Row& row, int first) {
  const auto type = cards::IdentityTypeFrom(row.Text(first));
  if (!type.has_value()) return Damaged("member_identity.type");
  return Identity{
      .type = *type, .value = String(row, first + 1), .verified_at = InstantOrNull(row, first + 2)};
}

Result<std::optional<Member>> SqlTransaction::FindMember(const ProgrammeId& programme,
                                                         const MemberId& member) {
  return FindOne<Member>(connection_, kFindMember, {programme, member},
                         [](const Row& row) { return ReadMember(row, 0); });
}

Result<std::vector<Identity>> SqlTransaction::Identities(const ProgrammeId& programme,
                                                         const MemberId& member) {
  return FindAll<Identity>(connection_, kIdentitiesOfMember, {programme, member},
                           [](const Row& row) { return ReadIdentity(row, 0); });
}

Status SqlTransaction::InsertMember(const ProgrammeId& programme, const Member& member) {
  // Who is new has nothing yet: nobody need look.
  cards_seen_[{programme, member.id}].clear();
  accounts_seen_[member.account] = std::nullopt;
  return Done(connection_.Execute(
      kInsertMember,
      {programme, member.id, member.name, member.locale, DateOrNull(member),
       json::Dump(member.attributes), member.erased ? 1 : 0, ToMicros(member.created_at),
       ToMicros(member.changed_at), member.account, member.merged_into, member.time_zone,
       OptedIn(member), OptedAt(member), OptedBy(member), member.acts_for}));
}

Status SqlTransaction::UpdateMember(const ProgrammeId& programme, const Member& member) {
  const auto updated = Wrote(connection_.Execute(
      kUpdateMember,
      {programme, member.id, member.name, member.locale, DateOrNull(member),
       json::Dump(member.attributes), member.erased ? 1 : 0, ToMicros(member.changed_at),
       member.account, member.merged_into, member.time_zone, OptedIn(member), OptedAt(member),
       OptedBy(member), member.acts_for}));
  if (!updated.ok()) return updated.error();
  if (!updated.value()) return NoSuchMember(member.id);
  return {};
}

Result<bool> SqlTransaction::AttachIdentity(const ProgrammeId& programme, const MemberId& member,
                                            const Identity& identity) {
  return Wrote(
      connection_.Execute(kAttachIdentity, {programme, cards::ToText(identity.type), identity.value,
                                            member, MicrosOrNull(identity.verified_at)}));
}

Status SqlTransaction::DetachIdentity(const ProgrammeId& programme, const MemberId& member,
                                      IdentityType type) {
  return Done(connection_.Execute(kDetachIdentity, {programme, member, cards::ToText(type)}));
}

Status SqlTransaction::MoveBelongings(const ProgrammeId& programme, const MemberId& from,
                                      const MemberId& to) {
  cards_seen_.clear();
  for (const Statement& statement :
       {kMoveIdentities, kMoveCards, kMoveOrders, kMoveCoupons, kMoveClaims, kMoveEvents,
        kMoveReferral, kMovePromoter, kCopyAwards, kCopyGuests}) {
    if (Status done = Done(connection_.Execute(statement, {programme, from, to})); !done.ok()) {
      return done;
    }
  }
  for (const Statement& statement : {kDropAwards, kForgetTier, kDropGuests}) {
    if (Status done = Done(connection_.Execute(statement, {programme, from})); !done.ok()) {
      return done;
    }
  }
  return Done(connection_.Execute(kMoveAnswers, {from, to}));
}

Result<std::vector<MemberId>> SqlTransaction::MergedInto(const ProgrammeId& programme,
                                                         const MemberId& member) {
  return FindAll<MemberId>(connection_, kMergedInto, {programme, member},
                           [](const Row& row) { return Result(IdAt<MemberId>(row, 0)); });
}

Status SqlTransaction::EraseMember(const ProgrammeId& programme, const MemberId& member) {
  const auto erased =
      Wrote(connection_.Execute(kEraseMember, {programme, member, ToMicros(Now())}));
  if (!erased.ok()) return erased.error();
  if (!erased.value()) return NoSuchMember(member);
  for (const Statement& statement : {kDetachAll, kEraseOrders, kEraseEvents, kLeaveGroups,
                                     kForgetTier, kForgetSources, kDropGuests}) {
    if (Status done = Done(connection_.Execute(statement, {programme, member})); !done.ok()) {
      return done;
    }
  }
  return Done(connection_.Execute(kEraseAnswers, {member}));
}

}  // namespace passmint::store
