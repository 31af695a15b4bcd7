#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

// Companies, who acts for them and whom those invited.

namespace passmint::store {
namespace {

using issuance::Organisation;
using issuance::OrganisationGuest;
using issuance::OrganisationTies;
using issuance::OrganisationUser;
using sql::Row;
using sql::Statement;

#define PASSMINT_ORGANISATION                                                   \
  "SELECT organisation.id, organisation.member, member.name,"                   \
  " organisation.valid_until, organisation.created_at, organisation.created_by" \
  " FROM organisation JOIN member ON member.programme = organisation.programme" \
  " AND member.id = organisation.member"

constexpr Statement kInsert(
    "INSERT INTO organisation (programme, id, member, valid_until, created_at, created_by)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
constexpr Statement kFind(PASSMINT_ORGANISATION
                          " WHERE organisation.programme = $1 AND organisation.id = $2"
                          " /*lock: FOR UPDATE OF organisation*/");
constexpr Statement kFindOf(PASSMINT_ORGANISATION
                            " WHERE organisation.programme = $1 AND organisation.member = $2");
constexpr Statement kUpdate(
    "UPDATE organisation SET valid_until = $3 WHERE programme = $1 AND id = $2");
constexpr Statement kList(PASSMINT_ORGANISATION
                          " WHERE organisation.programme = $1 AND organisation.id > $2"
                          " ORDER BY organisation.id LIMIT $3");

#undef PASSMINT_ORGANISATION

constexpr Statement kPutUser(
    "INSERT INTO organisation_user (programme, organisation, member, role, since, until, actor)"
    " VALUES ($1, $2, $3, $4, $5, NULL, $6) ON CONFLICT (programme, organisation, member)"
    " DO UPDATE SET role = excluded.role, until = NULL, actor = excluded.actor,"
    " since = CASE WHEN organisation_user.until IS NULL THEN organisation_user.since"
    " ELSE excluded.since END");
constexpr Statement kUsers(
    "SELECT member, role, since, actor FROM organisation_user"
    " WHERE programme = $1 AND organisation = $2 AND until IS NULL ORDER BY member");
constexpr Statement kEndUser(
    "UPDATE organisation_user SET until = $4"
    " WHERE programme = $1 AND organisation = $2 AND member = $3 AND until IS NULL");
constexpr Statement kEndGuestsOf(
    "UPDATE organisation_guest SET until = $4 WHERE programme = $1 AND organisation = $2"
    " AND host = $3 AND (until IS NULL OR until > $4)");
constexpr Statement kHandOverCards(
    "UPDATE card SET member = $4, holder = $5"
    " WHERE programme = $1 AND holder = $3"
    " AND id IN (SELECT id FROM card WHERE programme = $1 AND member = $2)");

constexpr Statement kPutGuest(
    "INSERT INTO organisation_guest (programme, organisation, member, host, since, until, actor)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (programme, organisation, member)"
    " DO UPDATE SET host = excluded.host, until = excluded.until, actor = excluded.actor,"
    " since = CASE WHEN organisation_guest.until <= excluded.since THEN excluded.since"
    " ELSE organisation_guest.since END");
constexpr Statement kGuests(
    "SELECT member, host, since, until, actor FROM organisation_guest"
    " WHERE programme = $1 AND organisation = $2 AND (until IS NULL OR until > $3)"
    " ORDER BY member");
constexpr Statement kEndGuest(
    "UPDATE organisation_guest SET until = $4 WHERE programme = $1 AND organisation = $2"
    " AND member = $3 AND (until IS NULL OR until > $4)");
// Its own first, then those whose guest the member is.
constexpr Statement kTies(
    "SELECT 0, id FROM organisation WHERE programme = $1 AND member = $2"
    " AND (valid_until IS NULL OR valid_until > $3)"
    " UNION ALL SELECT 1, organisation.id FROM organisation_guest AS guest"
    " JOIN organisation ON organisation.programme = $1 AND organisation.id = guest.organisation"
    " WHERE guest.programme = $1 AND guest.member = $2 AND guest.since <= $3"
    " AND (guest.until IS NULL OR guest.until > $3)"
    " AND (organisation.valid_until IS NULL OR organisation.valid_until > $3)"
    " ORDER BY 1, 2");

Result<Organisation> ReadOrganisation(const Row& row) {
  return Organisation{.id = String(row, 0),
                      .member = IdAt<MemberId>(row, 1),
                      .name = String(row, 2),
                      .valid_until = InstantOrNull(row, 3),
                      .created_at = Instant(row, 4),
                      .created_by = String(row, 5)};
}

Result<OrganisationUser> ReadUser(const Row& row) {
  const auto role = issuance::OrganisationRoleFrom(row.Text(1));
  if (!role.has_value()) return Damaged("organisation_user.role");
  return OrganisationUser{.member = IdAt<MemberId>(row, 0),
                          .role = *role,
                          .since = Instant(row, 2),
                          .actor = String(row, 3)};
}

Result<OrganisationGuest> ReadGuest(const Row& row) {
  return OrganisationGuest{.member = IdAt<MemberId>(row, 0),
                           .host = IdAt<MemberId>(row, 1),
                           .since = Instant(row, 2),
                           .until = InstantOrNull(row, 3),
                           .actor = String(row, 4)};
}

}  // namespace

Result<bool> SqlTransaction::InsertOrganisation(const ProgrammeId& programme,
                                                const Organisation& organisation) {
  return Wrote(connection_.Execute(
      kInsert,
      {programme, organisation.id, organisation.member, MicrosOrNull(organisation.valid_until),
       ToMicros(organisation.created_at), organisation.created_by}));
}

Result<std::optional<Organisation>> SqlTransaction::FindOrganisation(const ProgrammeId& programme,
                                                                     const std::string& id) {
  return FindOne<Organisation>(connection_, kFind, {programme, id}, ReadOrganisation);
}

Result<std::optional<Organisation>> SqlTransaction::FindOrganisationOf(const ProgrammeId& programme,
                                                                       const MemberId& member) {
  return FindOne<Organisation>(connection_, kFindOf, {programme, member}, ReadOrganisation);
}

Status SqlTransaction::UpdateOrganisation(const ProgrammeId& programme,
                                          const Organisation& organisation) {
  return connection_.Send(kUpdate,
                          {programme, organisation.id, MicrosOrNull(organisation.valid_until)});
}

Result<std::vector<Organisation>> SqlTransaction::ListOrganisations(const ProgrammeId& programme,
                                                                    const std::string& after,
                                                                    int limit) {
  return FindAll<Organisation>(connection_, kList, {programme, after, limit}, ReadOrganisation);
}

Status SqlTransaction::PutOrganisationUser(const ProgrammeId& programme,
                                           const std::string& organisation,
                                           const OrganisationUser& user) {
  return connection_.Send(kPutUser,
                          {programme, organisation, user.member, issuance::ToText(user.role),
                           ToMicros(user.since), user.actor});
}

Result<std::vector<OrganisationUser>> SqlTransaction::OrganisationUsers(
    const ProgrammeId& programme, const std::string& organisation) {
  return FindAll<OrganisationUser>(connection_, kUsers, {programme, organisation}, ReadUser);
}

Status SqlTransaction::EndOrganisationUser(const ProgrammeId& programme,
                                           const std::string& organisation, const MemberId& member,
                                           Timestamp at) {
  for (const Statement& statement : {kEndUser, kEndGuestsOf}) {
    Status ended = connection_.Send(statement, {programme, organisation, member, ToMicros(at)});
    if (!ended.ok()) return ended;
  }
  return {};
}

Status SqlTransaction::HandOverCards(const ProgrammeId& programme, const MemberId& from,
                                     const MemberId& holder, const MemberId& to,
                                     const MemberId& next_holder) {
  cards_seen_.clear();
  return connection_.Send(kHandOverCards, {programme, from, holder, to, next_holder});
}

Status SqlTransaction::PutOrganisationGuest(const ProgrammeId& programme,
                                            const std::string& organisation,
                                            const OrganisationGuest& guest) {
  return connection_.Send(kPutGuest,
                          {programme, organisation, guest.member, guest.host, ToMicros(guest.since),
                           MicrosOrNull(guest.until), guest.actor});
}

Result<std::vector<OrganisationGuest>> SqlTransaction::OrganisationGuests(
    const ProgrammeId& programme, const std::string& organisation, Timestamp now) {
  return FindAll<OrganisationGuest>(connection_, kGuests, {programme, organisation, ToMicros(now)},
                                    ReadGuest);
}

Result<bool> SqlTransaction::EndOrganisationGuest(const ProgrammeId& programme,
                                                  const std::string& organisation,
                                                  const MemberId& member, Timestamp at) {
  return Wrote(connection_.Execute(kEndGuest, {programme, organisation, member, ToMicros(at)}));
}

Result<OrganisationTies> SqlTransaction::TiesOf(const ProgrammeId& programme,
                                                const MemberId& member, Timestamp at) {
  OrganisationTies ties;
  Status read =
      connection_.Query(kTies, {programme, member, ToMicros(at)}, [&ties](const Row& row) {
        if (row.Integer(0) == 0) {
          ties.organisation = String(row, 1);
        } else {
          ties.guest_of.push_back(String(row, 1));
        }
        return Status();
      });
  if (!read.ok()) return std::move(read).error();
  return ties;
}

}  // namespace passmint::store
