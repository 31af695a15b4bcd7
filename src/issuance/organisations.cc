#include "issuance/organisations.h"

#include <algorithm>
#include <string>
#include <utility>

#include "crypto/token.h"
#include "issuance/at_once.h"
#include "issuance/card_life.h"
#include "issuance/owner.h"
#include "issuance/points.h"

namespace passmint::issuance {
namespace {

using cards::Member;

Error NotFound(std::string message) {
  return {.code = ErrorCode::kNotFound, .message = std::move(message)};
}

Error Conflict(std::string reason, std::string message, std::string hint = {}) {
  return {.code = ErrorCode::kConflict,
          .message = std::move(message),
          .reason = std::move(reason),
          .hint = std::move(hint)};
}

Error IsOrganisation() {
  return Conflict("conflict", "the member is an organisation",
                  "end its contract: PUT /api/v1/organisations/{organisation_id} with valid_until");
}

Result<Organisation> Find(Transaction& transaction, const ProgrammeId& programme,
                          const std::string& id) {
  auto found = transaction.Organisations().FindOrganisation(programme, id);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) return NotFound("there is no such organisation");
  return *std::move(found).value();
}

// Somebody who may act for an organisation or be its guest. Locked before the organisation, as
// orders lock a person before whom they act for.
Result<Member> FindPerson(Transaction& transaction, const ProgrammeId& programme,
                          const MemberId& id) {
  auto member = FindLivingMember(transaction, programme, id);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return NotFound("no such member");
  if (member.value()->erased) return Conflict("member_erased", "the member's data was erased");
  return *std::move(member).value();
}

Status RequireRunning(const Organisation& organisation, Timestamp now) {
  if (!organisation.valid_until || now < *organisation.valid_until) return {};
  return Conflict("organisation_ended", "the organisation's contract has ended",
                  "move its valid_until: PUT /api/v1/organisations/{organisation_id}");
}

// Whose own member it is, which somebody acts for.
Result<Organisation> OrganisationOf(Transaction& transaction, const ProgrammeId& programme,
                                    const MemberId& member) {
  auto found = transaction.Organisations().FindOrganisationOf(programme, member);
  if (!found.ok()) return std::move(found).error();
  if (found.value()) return *std::move(found).value();
  return Error{.code = ErrorCode::kInternal, .message = "acts for what is no organisation"};
}

Result<OrganisationView> View(Transaction& transaction, const ProgrammeId& programme,
                              Organisation organisation) {
  OrganisationTables& tables = transaction.Organisations();
  auto points = PointsOf(transaction, programme, AccountFor(organisation.member));
  if (!points.ok()) return std::move(points).error();
  auto users = tables.OrganisationUsers(programme, organisation.id);
  if (!users.ok()) return std::move(users).error();
  auto guests = tables.OrganisationGuests(programme, organisation.id, transaction.Now());
  if (!guests.ok()) return std::move(guests).error();
  return OrganisationView{.organisation = std::move(organisation),
                          .points = std::move(points).value(),
                          .users = std::move(users).value(),
                          .guests = std::move(guests).value()};
}

// The member that owns what the organisation owns.
Result<Member> MakeOwner(Transaction& transaction, const Site& site, const ProgrammeId& programme,
                         const std::string& name) {
  Member member;
  member.id = MemberId("m_" + crypto::MakeUuidV7(transaction.Now(), *site.random));
  member.account = AccountFor(member.id);
  member.name = name;
  member.created_at = transaction.Now();
  member.changed_at = transaction.Now();
  Status inserted = transaction.InsertMember(programme, member);
  if (!inserted.ok()) return std::move(inserted).error();
  return member;
}

Result<OrganisationView> Make(Transaction& transaction, const Site& site,
                              const ProgrammeId& programme, const OrganisationToPut& wanted) {
  auto owner = MakeOwner(transaction, site, programme, wanted.name);
  if (!owner.ok()) return std::move(owner).error();
  Organisation organisation{.id = wanted.id,
                            .member = owner.value().id,
                            .name = wanted.name,
                            .valid_until = wanted.valid_until,
                            .created_at = transaction.Now(),
                            .created_by = wanted.actor};
  auto inserted = transaction.Organisations().InsertOrganisation(programme, organisation);
  if (!inserted.ok()) return std::move(inserted).error();
  if (inserted.value()) return View(transaction, programme, std::move(organisation));
  return Error{.code = ErrorCode::kUnavailable,
               .message = "another request made the same organisation meanwhile",
               .reason = "lost_race"};
}

Status Rename(Transaction& transaction, const ProgrammeId& programme, Organisation& organisation,
              const std::string& name) {
  if (name == organisation.name) return {};
  auto owner = FindPerson(transaction, programme, organisation.member);
  if (!owner.ok()) return std::move(owner).error();
  organisation.name = owner.value().name = name;
  owner.value().changed_at = transaction.Now();
  Status renamed = transaction.UpdateMember(programme, owner.value());
  return renamed.ok() ? TouchCardsOf(transaction, programme, organisation.member) : renamed;
}

// Moves all cards of one bearer to another; they show the other's points from now on.
Status HandOver(Transaction& transaction, const ProgrammeId& programme, const Bearer& from,
                const Bearer& to) {
  Status moved = transaction.Organisations().HandOverCards(programme, from.member, from.holder,
                                                           to.member, to.holder);
  if (!moved.ok()) return moved;
  auto cards = transaction.CardsOfMember(programme, to.member);
  if (!cards.ok()) return std::move(cards).error();
  for (const cards::Card& card : cards.value()) {
    if (card.holder != to.holder || card.status == cards::CardStatus::kClosed) continue;
    auto touched = TouchCard(transaction, programme, card);
    if (!touched.ok()) return std::move(touched).error();
  }
  return {};
}

// A member and the organisation that they shall act for, or be a guest of.
struct Sides {
  Member person;
  Organisation organisation;
};

Result<Sides> FindSides(Transaction& transaction, const ProgrammeId& programme,
                        const OrganisationMember& member) {
  auto person = FindPerson(transaction, programme, member.member);
  if (!person.ok()) return std::move(person).error();
  auto organisation = Find(transaction, programme, member.organisation);
  if (!organisation.ok()) return std::move(organisation).error();
  return Sides{std::move(person).value(), std::move(organisation).value()};
}

Status Join(Transaction& transaction, const ProgrammeId& programme, const Sides& sides,
            OrganisationRole role, const std::string& actor) {
  const Organisation& organisation = sides.organisation;
  Member person = sides.person;
  const Bearer before = BearerOf(person);
  person.acts_for = organisation.member;
  person.changed_at = transaction.Now();
  if (Status updated = transaction.UpdateMember(programme, person); !updated.ok()) return updated;
  Status put = transaction.Organisations().PutOrganisationUser(
      programme, organisation.id,
      {.member = person.id, .role = role, .since = AtOnce(transaction.Now()), .actor = actor});
  if (!put.ok()) return put;
  auto guest = transaction.Organisations().EndOrganisationGuest(
      programme, organisation.id, person.id, AtOnce(transaction.Now()));
  if (!guest.ok()) return std::move(guest).error();
  return HandOver(transaction, programme, before, BearerOf(person));
}

Status Leave(Transaction& transaction, const ProgrammeId& programme,
             const Organisation& organisation, Member person) {
  const Bearer before = BearerOf(person);
  person.acts_for = MemberId();
  person.changed_at = transaction.Now();
  if (Status updated = transaction.UpdateMember(programme, person); !updated.ok()) return updated;
  Status ended = transaction.Organisations().EndOrganisationUser(
      programme, organisation.id, person.id, AtOnce(transaction.Now()));
  if (!ended.ok()) return ended;
  return HandOver(transaction, programme, before, BearerOf(person));
}

// Whether the member has nothing to do with an organisation's account.
Status RequireApart(Transaction& transaction, const ProgrammeId& programme, const Member& member) {
  if (member.acts_for.empty()) return RequirePerson(transaction, programme, member.id);
  return Conflict("acts_for_organisation", "the member acts for an organisation",
                  "DELETE /api/v1/organisations/{organisation_id}/members/{member_id} first");
}

// Whether one more person has a place in it.
Status RequirePlace(Transaction& transaction, const ProgrammeId& programme,
                    const Organisation& organisation, const MemberId& person) {
  OrganisationTables& tables = transaction.Organisations();
  const auto users = tables.OrganisationUsers(programme, organisation.id);
  if (!users.ok()) return users.error();
  const auto guests = tables.OrganisationGuests(programme, organisation.id, transaction.Now());
  if (!guests.ok()) return guests.error();
  const auto is_they = [&person](const auto& one) { return one.member == person; };
  const auto& all = guests.value();
  if (users.value().size() + all.size() < kOrganisationPeopleMax) return {};
  if (std::any_of(all.begin(), all.end(), is_they)) return {};
  return Conflict("conflict",
                  "the organisation has " + std::to_string(kOrganisationPeopleMax) +
                      " users and guests already",
                  "take somebody out of it, or make another organisation");
}

Result<OrganisationUser> FindUser(Transaction& transaction, const ProgrammeId& programme,
                                  const std::string& organisation, const MemberId& member) {
  auto users = transaction.Organisations().OrganisationUsers(programme, organisation);
  if (!users.ok()) return std::move(users).error();
  for (const OrganisationUser& user : users.value()) {
    if (user.member == member) return user;
  }
  return Error{.code = ErrorCode::kInternal, .message = "acts for an organisation without a role"};
}

// The guests of one host are another's.
Status MoveGuests(Transaction& transaction, const ProgrammeId& programme,
                  const std::string& organisation, const MemberId& from, const MemberId& to) {
  OrganisationTables& tables = transaction.Organisations();
  auto guests = tables.OrganisationGuests(programme, organisation, transaction.Now());
  if (!guests.ok()) return std::move(guests).error();
  for (OrganisationGuest& guest : guests.value()) {
    if (guest.host != from) continue;
    guest.host = to;
    Status put = tables.PutOrganisationGuest(programme, organisation, guest);
    if (!put.ok()) return put;
  }
  return {};
}

// Who acts for the organisation after a merge, with the loser's guests; and is no guest of it.
Status MergeUsers(Transaction& transaction, const ProgrammeId& programme,
                  const Organisation& organisation, const OnePerson& person) {
  OrganisationTables& tables = transaction.Organisations();
  const auto& [winner, loser] = person;
  const Timestamp now = transaction.Now();
  for (const Member* side : {&winner, &loser}) {
    auto guest = tables.EndOrganisationGuest(programme, organisation.id, side->id, now);
    if (!guest.ok()) return std::move(guest).error();
  }
  if (loser.acts_for.empty()) return {};
  auto user = FindUser(transaction, programme, organisation.id, loser.id);
  if (!user.ok()) return std::move(user).error();
  Status moved = MoveGuests(transaction, programme, organisation.id, loser.id, winner.id);
  if (!moved.ok()) return moved;
  Status ended = tables.EndOrganisationUser(programme, organisation.id, loser.id, now);
  if (!ended.ok() || !winner.acts_for.empty()) return ended;
  user.value().member = winner.id;
  return tables.PutOrganisationUser(programme, organisation.id, user.value());
}

Status CheckHost(Transaction& transaction, const ProgrammeId& programme,
                 const Organisation& organisation, const MemberId& id) {
  auto host = FindLivingMember(transaction, programme, id);
  if (!host.ok()) return std::move(host).error();
  if (!host.value()) return InvalidInput("unknown_member", "/host", "no member has this id");
  if (host.value()->acts_for == organisation.member) return {};
  return InvalidInput("invalid_value", "/host",
                      "only who acts for the organisation invites guests");
}

}  // namespace

Result<OrganisationView> PutOrganisation(Transaction& transaction, const Site& site,
                                         const ProgrammeId& programme,
                                         const OrganisationToPut& wanted) {
  auto known = transaction.Organisations().FindOrganisation(programme, wanted.id);
  if (!known.ok()) return std::move(known).error();
  if (!known.value()) return Make(transaction, site, programme, wanted);
  Organisation& organisation = *known.value();
  organisation.valid_until = wanted.valid_until;
  Status updated = transaction.Organisations().UpdateOrganisation(programme, organisation);
  if (updated.ok()) updated = Rename(transaction, programme, organisation, wanted.name);
  if (!updated.ok()) return std::move(updated).error();
  return View(transaction, programme, std::move(organisation));
}

Result<OrganisationView> GetOrganisation(Transaction& transaction, const ProgrammeId& programme,
                                         const std::string& id) {
  auto organisation = Find(transaction, programme, id);
  if (!organisation.ok()) return std::move(organisation).error();
  return View(transaction, programme, std::move(organisation).value());
}

Result<std::vector<OrganisationView>> ListOrganisations(Transaction& transaction,
                                                        const ProgrammeId& programme,
                                                        const std::string& after, int limit) {
  auto found = transaction.Organisations().ListOrganisations(programme, after, limit);
  if (!found.ok()) return std::move(found).error();
  std::vector<OrganisationView> views;
  for (Organisation& organisation : found.value()) {
    auto view = View(transaction, programme, std::move(organisation));
    if (!view.ok()) return std::move(view).error();
    views.push_back(std::move(view).value());
  }
  return views;
}

Status AddUser(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
               const OrganisationMember& user, OrganisationRole role) {
  const ProgrammeId& id = programme.programme.id;
  auto sides = FindSides(transaction, id, user);
  if (!sides.ok()) return std::move(sides).error();
  const auto& [person, organisation] = sides.value();
  if (person.acts_for == organisation.member) {
    return transaction.Organisations().PutOrganisationUser(id, organisation.id,
                                                           {.member = person.id,
                                                            .role = role,
                                                            .since = AtOnce(transaction.Now()),
                                                            .actor = user.actor});
  }
  if (!person.acts_for.empty()) {
    return Conflict("acts_for_organisation", "the member acts for another organisation",
                    "take them out of that one first");
  }
  Status may = RequirePerson(transaction, id, person.id);
  if (may.ok()) may = RequireRunning(organisation, transaction.Now());
  if (may.ok()) may = RequirePlace(transaction, id, organisation, person.id);
  if (may.ok()) may = Join(transaction, id, sides.value(), role, user.actor);
  if (!may.ok()) return may;
  auto issued = FindOrIssueCard(transaction, site, programme,
                                {.bearer = Bearer{organisation.member, person.id}});
  return issued.ok() ? Status() : Status(std::move(issued).error());
}

Status InviteGuest(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                   const Invitation& invitation) {
  const ProgrammeId& id = programme.programme.id;
  auto sides = FindSides(transaction, id, invitation.guest);
  if (!sides.ok()) return std::move(sides).error();
  const auto& [person, organisation] = sides.value();
  Status may = RequireApart(transaction, id, person);
  if (may.ok()) may = RequireRunning(organisation, transaction.Now());
  if (may.ok()) may = RequirePlace(transaction, id, organisation, person.id);
  if (may.ok()) may = CheckHost(transaction, id, organisation, invitation.host);
  if (may.ok() && invitation.until && *invitation.until <= transaction.Now()) {
    may = InvalidInput("not_in_future", "/until", "the invitation would be over already");
  }
  if (!may.ok()) return may;
  Status put = transaction.Organisations().PutOrganisationGuest(id, organisation.id,
                                                                {.member = person.id,
                                                                 .host = invitation.host,
                                                                 .since = AtOnce(transaction.Now()),
                                                                 .until = invitation.until,
                                                                 .actor = invitation.guest.actor});
  if (!put.ok()) return put;
  auto issued = FindOrIssueCard(transaction, site, programme, {.bearer = BearerOf(person)});
  return issued.ok() ? Status() : Status(std::move(issued).error());
}

Status RemoveFrom(Transaction& transaction, const ProgrammeId& programme,
                  const OrganisationMember& member) {
  auto person = FindLivingMember(transaction, programme, member.member);
  if (!person.ok()) return std::move(person).error();
  if (!person.value()) return NotFound("no such member");
  auto organisation = Find(transaction, programme, member.organisation);
  if (!organisation.ok()) return std::move(organisation).error();
  auto ended = transaction.Organisations().EndOrganisationGuest(
      programme, organisation.value().id, person.value()->id, AtOnce(transaction.Now()));
  if (!ended.ok()) return std::move(ended).error();
  if (person.value()->acts_for != organisation.value().member) return {};
  return Leave(transaction, programme, organisation.value(), *std::move(person).value());
}

Status LeaveOrganisations(Transaction& transaction, const ProgrammeId& programme,
                          const MemberId& member) {
  auto person = FindLivingMember(transaction, programme, member);
  if (!person.ok()) return std::move(person).error();
  if (!person.value()) return {};
  if (person.value()->acts_for.empty()) {
    return RequirePerson(transaction, programme, person.value()->id);
  }
  auto found = OrganisationOf(transaction, programme, person.value()->acts_for);
  if (!found.ok()) return std::move(found).error();
  return Leave(transaction, programme, found.value(), *std::move(person).value());
}

Status RequireMergeable(Transaction& transaction, const ProgrammeId& programme,
                        const OnePerson& person) {
  const auto& [winner, loser] = person;
  for (const Member* side : {&winner, &loser}) {
    if (Status is = RequirePerson(transaction, programme, side->id); !is.ok()) return is;
  }
  if (winner.acts_for.empty() || loser.acts_for.empty()) return {};
  if (winner.acts_for != loser.acts_for) {
    return Conflict("acts_for_organisation", "the two members act for different organisations",
                    "DELETE /api/v1/organisations/{organisation_id}/members/{member_id} first");
  }
  auto organisation = OrganisationOf(transaction, programme, winner.acts_for);
  if (!organisation.ok()) return std::move(organisation).error();
  const auto first = FindUser(transaction, programme, organisation.value().id, winner.id);
  if (!first.ok()) return first.error();
  const auto second = FindUser(transaction, programme, organisation.value().id, loser.id);
  if (!second.ok()) return second.error();
  if (first.value().role == second.value().role) return {};
  return Conflict("conflict", "the two members act for the organisation in different roles",
                  "give both the same one: PUT "
                  "/api/v1/organisations/{organisation_id}/members/{member_id}");
}

Result<MemberId> MergeTies(Transaction& transaction, const ProgrammeId& programme,
                           const OnePerson& person) {
  const auto& [winner, loser] = person;
  Member merged = winner;
  if (merged.acts_for.empty()) merged.acts_for = loser.acts_for;
  if (merged.acts_for.empty()) return merged.acts_for;
  auto organisation = OrganisationOf(transaction, programme, merged.acts_for);
  if (!organisation.ok()) return std::move(organisation).error();
  Status moved = MergeUsers(transaction, programme, organisation.value(), person);
  if (!moved.ok()) return std::move(moved).error();
  for (const Member* side : {&winner, &loser}) {
    if (side == &winner && !winner.acts_for.empty()) continue;  // Their cards are there already.
    Status handed = HandOver(transaction, programme, BearerOf(*side), BearerOf(merged));
    if (!handed.ok()) return std::move(handed).error();
  }
  return merged.acts_for;
}

Status RequirePerson(Transaction& transaction, const ProgrammeId& programme,
                     const MemberId& member) {
  auto own = transaction.Organisations().FindOrganisationOf(programme, member);
  if (!own.ok()) return std::move(own).error();
  return own.value() ? Status(IsOrganisation()) : Status();
}

Status RequireActing(Transaction& transaction, const ProgrammeId& programme, const MemberId& owner,
                     const cards::Card& card) {
  auto found = transaction.Organisations().FindOrganisationOf(programme, owner);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) return {};
  if (card.member == owner) return RequireRunning(*found.value(), transaction.Now());
  return Conflict("organisation_left", "whoever carries the card acts for the organisation no more",
                  "void the hold: POST /api/v1/holds/{hold_id}/void");
}

Status RequireContract(Transaction& transaction, const ProgrammeId& programme,
                       const MemberId& organisation, Timestamp at) {
  auto found = transaction.Organisations().FindOrganisationOf(programme, organisation);
  if (!found.ok()) return std::move(found).error();
  return found.value() ? RequireRunning(*found.value(), at) : Status();
}

}  // namespace passmint::issuance
