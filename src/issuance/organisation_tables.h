#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::issuance {

// A company whose people share one account: that of its member, whose cards they carry
// (cards::Card::holder). Periods are half-open: `until` and `valid_until` are the first instants
// without.
struct Organisation {
  std::string id;  // The caller's.
  MemberId member;
  std::string name = {};                      // Its member's: read only.
  std::optional<Timestamp> valid_until = {};  // Nothing: the contract is open.
  Timestamp created_at;
  std::string created_by;  // Name of the API key.
};

enum class OrganisationRole { kManager, kUser, kGuest };
std::string_view ToText(OrganisationRole role);
std::optional<OrganisationRole> OrganisationRoleFrom(std::string_view text);

// A member who acts for an organisation.
struct OrganisationUser {
  MemberId member;
  OrganisationRole role = OrganisationRole::kUser;  // Never a guest.
  Timestamp since;
  std::string actor;  // Name of the API key.
};

// Somebody whom a user invited to the organisation's benefits, with an account of their own.
struct OrganisationGuest {
  MemberId member;
  MemberId host;  // The user.
  Timestamp since;
  std::optional<Timestamp> until = {};  // Nothing: as long as the contract runs.
  std::string actor;                    // Name of the API key.
};

// What ties a member to organisations at an instant.
struct OrganisationTies {
  std::string organisation;           // Whose member it is; empty: none.
  std::vector<std::string> guest_of;  // Ids, ascending.
};

// The part of a Transaction (store.h) that knows of organisations, with the same failures and life.
class OrganisationTables {
 public:
  // False if the id is taken: then nothing was written.
  virtual Result<bool> InsertOrganisation(const ProgrammeId&, const Organisation&) = 0;
  virtual Result<std::optional<Organisation>> FindOrganisation(const ProgrammeId&,
                                                               const std::string& id) = 0;
  // That whose own member it is.
  virtual Result<std::optional<Organisation>> FindOrganisationOf(const ProgrammeId&,
                                                                 const MemberId&) = 0;
  // Writes valid_until.
  virtual Status UpdateOrganisation(const ProgrammeId&, const Organisation&) = 0;
  // Ascending by id, behind `after` ("": from the first).
  virtual Result<std::vector<Organisation>> ListOrganisations(const ProgrammeId&,
                                                              const std::string& after,
                                                              int limit) = 0;

  // Makes or renews it.
  virtual Status PutOrganisationUser(const ProgrammeId&, const std::string& organisation,
                                     const OrganisationUser&) = 0;
  // Those who act for it now, ascending by member.
  virtual Result<std::vector<OrganisationUser>> OrganisationUsers(
      const ProgrammeId&, const std::string& organisation) = 0;
  // The user acts for it no more, and whom they invited is no guest any more.
  virtual Status EndOrganisationUser(const ProgrammeId&, const std::string& organisation,
                                     const MemberId&, Timestamp at) = 0;
  // All cards of `from` that `holder` carries (empty: that nobody else carries) are those of `to`
  // from now on, carried by `next_holder`.
  virtual Status HandOverCards(const ProgrammeId&, const MemberId& from, const MemberId& holder,
                               const MemberId& to, const MemberId& next_holder) = 0;

  // Makes or renews it.
  virtual Status PutOrganisationGuest(const ProgrammeId&, const std::string& organisation,
                                      const OrganisationGuest&) = 0;
  // All that were not ended at `now`, ascending by member.
  virtual Result<std::vector<OrganisationGuest>> OrganisationGuests(const ProgrammeId&,
                                                                    const std::string& organisation,
                                                                    Timestamp now) = 0;
  // Ends it at `at`, if it does not end before. False if there is no such guest.
  virtual Result<bool> EndOrganisationGuest(const ProgrammeId&, const std::string& organisation,
                                            const MemberId&, Timestamp at) = 0;
  // By contracts and invitations that run at `at`.
  virtual Result<OrganisationTies> TiesOf(const ProgrammeId&, const MemberId&, Timestamp at) = 0;

 protected:
  ~OrganisationTables() = default;
};

}  // namespace passmint::issuance
