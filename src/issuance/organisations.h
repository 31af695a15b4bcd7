#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "cards/card.h"
#include "cards/member.h"
#include "issuance/organisation_tables.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"

// Companies whose people share one account.
//
// An organisation owns points as a member of its own. Whoever acts for it carries cards of that
// member: their own cards become the organisation's when they join and are theirs again when they
// leave. Their own points stay on their own account meanwhile and are there when they leave, as is
// what they get as a person: on birthdays, for bringing friends. The journal is the organisation's;
// its entries lead to the card that was shown, and so to the person.

namespace passmint::issuance {

// Users and guests of one organisation: every answer about it names them all, and each movement of
// its points is shown on every user's card.
inline constexpr std::size_t kOrganisationPeopleMax = 1000;

struct OrganisationView {
  Organisation organisation;
  PointsSummary points;
  std::vector<OrganisationUser> users;
  std::vector<OrganisationGuest> guests;
};

// `PUT /organisations/{id}`.
struct OrganisationToPut {
  std::string id;
  std::string name;
  std::optional<Timestamp> valid_until;
  std::string actor;  // Name of the API key.
};

// Makes or changes it. Every card gets its next revision if the name is another one.
Result<OrganisationView> PutOrganisation(Transaction& transaction, const Site& site,
                                         const ProgrammeId& programme,
                                         const OrganisationToPut& wanted);

// Fails with kNotFound.
Result<OrganisationView> GetOrganisation(Transaction& transaction, const ProgrammeId& programme,
                                         const std::string& id);
// Ascending by id, behind `after` ("": from the first).
Result<std::vector<OrganisationView>> ListOrganisations(Transaction& transaction,
                                                        const ProgrammeId& programme,
                                                        const std::string& after, int limit);

struct OrganisationMember {
  std::string organisation;
  MemberId member;
  std::string actor;  // Name of the API key.
};

// The member acts for the organisation from now on: their cards show its points, and who has none
// gets one. A guest of it is one no more. Who acts for it already gets the role. Fails with
// kNotFound (either); kConflict: "member_erased", "acts_for_organisation", "conflict" (an
// organisation, or one of kOrganisationPeopleMax already), "organisation_ended"; as
// FindOrIssueCard.
Status AddUser(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
               const OrganisationMember& user, OrganisationRole role);

struct Invitation {
  OrganisationMember guest;
  MemberId host;  // The user who invites.
  std::optional<Timestamp> until;
};

// The guest has what rules give guests of the organisation, until then, and at the latest until the
// contract ends or the host leaves; and a card of their own, if they had none. Again renews it.
// Fails with kNotFound (either); kInvalidArgument at /host (unknown_member, invalid_value) and
// /until (not_in_future); kConflict as AddUser, and "acts_for_organisation".
Status InviteGuest(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                   const Invitation& invitation);

// A user's cards are theirs again and show their own points, and whom they invited is no guest any
// more; a guest's invitation ends. Who is neither changes nothing. Fails with kNotFound (either).
Status RemoveFrom(Transaction& transaction, const ProgrammeId& programme,
                  const OrganisationMember& member);

// Leaves the organisation that the member acts for, if there is one. No failure if there is no such
// member. Fails with kConflict, "conflict".
Status LeaveOrganisations(Transaction& transaction, const ProgrammeId& programme,
                          const MemberId& member);

// Two members who are one person (merge.h).
struct OnePerson {
  const cards::Member& winner;
  const cards::Member& loser;
};

// Whether the two may become one. Fails with kConflict: "conflict" if one is an organisation, or
// both act for the same in different roles; "acts_for_organisation" if for different ones.
Status RequireMergeable(Transaction& transaction, const ProgrammeId& programme,
                        const OnePerson& person);

// The winner acts for the organisation that either of them acts for, in the same role, carries the
// cards of both for it, and is the host of the loser's guests. Returns that organisation's member,
// for the winner's row; nobody's if neither acts for one. REQUIRES: RequireMergeable, and that the
// two are not merged yet.
Result<MemberId> MergeTies(Transaction& transaction, const ProgrammeId& programme,
                           const OnePerson& person);

// Whether the member is a person. Fails with kConflict, "conflict", for an organisation's own: it
// has neither phone nor e-mail nor a card that nobody carries, by which anybody could act for it.
Status RequirePerson(Transaction& transaction, const ProgrammeId& programme,
                     const MemberId& member);

// Whether what `owner` has may still be spent with a card that was shown for it earlier: of an
// organisation only while its contract runs and whoever carries the card acts for it; of everybody
// else always. Fails with kConflict, "organisation_ended" and "organisation_left".
Status RequireActing(Transaction& transaction, const ProgrammeId& programme, const MemberId& owner,
                     const cards::Card& card);

// Whether somebody may act at `at` for the organisation whose member this is; a person's has no
// contract and always may. Fails with kConflict, "organisation_ended".
Status RequireContract(Transaction& transaction, const ProgrammeId& programme,
                       const MemberId& organisation, Timestamp at);

}  // namespace passmint::issuance
