#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "issuance/card_terms_tables.h"
#include "issuance/owner.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/rules.h"

// Members who pay to take part, period by period: plans of the rules' "memberships".

namespace passmint::issuance {

// No list of a member's memberships is longer.
inline constexpr int kMembershipsMax = 200;

// What is not said follows from the plan.
struct MembershipRequest {
  std::string id;  // The caller's; the same again is the same period.
  Who who;
  std::string plan;
  std::optional<Timestamp> starts_at = {};
  std::optional<Timestamp> ends_at = {};
  std::optional<Timestamp> lapses_at = {};
  std::optional<std::int64_t> price_minor = {};
  std::string source = {};  // Of the order that paid for it.
  std::string order = {};
  std::string actor = {};  // Name of the API key.
};

struct MembershipOutcome {
  bool created = true;  // False: it was reported before.
  Membership membership;
};

// The period of a plan that begins then. It ends when the clocks of the zone show the same time of
// the day that lies a period later, and lapses a grace after that.
Membership PeriodFrom(const programme::MembershipPlan& plan, const calendar::TimeZone& zone,
                      Timestamp start);

// Buys a period or renews: without starts_at it begins now (at_once.h), or at the end of the plan's
// last one that has not lapsed, so that there is no gap. Fails with kInvalidArgument (unknown_plan;
// out_of_range at /ends_at, /grace_until), kConflict ("membership_conflict": the id is known with
// another plan or member), and as FindOwner.
Result<MembershipOutcome> BuyMembership(Transaction& transaction, const Site& site,
                                        const ProgrammeSite& programme,
                                        const MembershipRequest& request);

struct Cancellation {
  std::string id;
  std::string reason;
  std::string actor;
};

// Ends a period now; one that has not begun will not. Cancelled or lapsed already: nothing changes.
// Fails with kNotFound.
Result<Membership> CancelMembership(Transaction& transaction, const Site& site,
                                    const ProgrammeSite& programme, const Cancellation& cancel);

// The plans whose benefits these periods give at that instant, each once.
std::vector<std::string> PlansAt(const std::vector<Membership>& memberships, Timestamp at);
// The same of all that the member has.
Result<std::vector<std::string>> PlansOf(Transaction& transaction, const ProgrammeId& programme,
                                         const MemberId& member, Timestamp at);

}  // namespace passmint::issuance
