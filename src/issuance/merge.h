#pragma once

#include <string>

#include "base/result.h"
#include "issuance/members.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// `POST /members/{id}/merge`: two members turn out to be one person.
struct Merge {
  MemberId winner;  // Stays.
  MemberId loser;   // Ends; its id leads to the winner from then on.
  std::string reason;
  bool dry_run = false;
  std::string actor;
};

struct MergeOutcome {
  MemberView member;     // The winner as it is, or would be, after.
  PointsSummary points;  // `earned`: the available points that came over.
};

// Points, holds, cards, orders and identities of the loser become the winner's; facts that the
// winner lacks (name, birthday, locale, attributes) come from the loser, who keeps none. Whom
// one of the two acts for, the winner acts for. Cannot be undone. A loser that this winner took
// over before changes nothing.
//
// Fails with kNotFound (the winner); kInvalidArgument at /member_id: unknown_member, invalid_value
// (a member with itself); kConflict: "member_erased"; "conflict" if the loser is a member that took
// the winner over, or was taken over by somebody else; and as RequireMergeable (organisations.h).
Result<MergeOutcome> MergeMembers(Transaction& transaction, const Site& site,
                                  const ProgrammeSite& programme, const Merge& merge);

}  // namespace passmint::issuance
