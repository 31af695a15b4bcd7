#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "issuance/award_tables.h"
#include "issuance/customer.h"
#include "issuance/owner.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "json/json.h"

// What members do beside buying: reviews, visits, recycled bottles; and who decides about them.

namespace passmint::issuance {

inline constexpr std::int64_t kEventQuantityMax = 1000;

// `POST /events`.
struct EventReport {
  OrderSource source;
  std::string id;
  std::string type;                        // An action's id.
  std::optional<std::string> occurred_at;  // RFC 3339; now if absent.
  Who who;                                 // This,
  std::optional<Customer> customer;        // or this.
  std::string subject;
  std::int64_t quantity = 1;
  std::string proof;
  Json attributes = Json::object();  // What the member told: fills in what is not known of them.
  std::string actor;                 // Name of the API key.
};

struct EventOutcome {
  bool created = true;  // False: it was reported before; this is how it stands.
  ReportedEvent event;
  MemberId member;
  PointsSummary points;
  std::vector<Warning> warnings;
};

// Reports an event once for ever and, unless somebody has to decide, gives what its action grants:
// nothing with a warning if it was granted before ("already_granted"), the rule is not for this
// member at that moment ("not_eligible"), or limits or the budget have nothing left
// ("limit_reached", "budget_spent"). Judged by the rule set in effect at occurred_at.
//
// Fails with kNotFound (no action of that type), kConflict ("event_conflict": known with other
// content), kInvalidArgument (choose_one, invalid_time, time_in_future, time_too_old; required at
// /subject), and as FindOwner, RequireUsable, CheckCustomer and GiveAward.
Result<EventOutcome> ReportEvent(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const EventReport& report);

enum class Decision { kApprove, kReject };

struct CaseDecision {
  std::string case_id;
  Decision decision = Decision::kApprove;
  std::string reason;
  std::string actor;
};

struct CaseOutcome {
  ReportedEvent event;
  MemberId member;  // Who it is about today.
  PointsSummary points;
};

// Ends the wait of a moderated event; approved, its points are given by the rules and in the period
// of when it happened. The same decision again changes nothing. Fails with kNotFound; kConflict
// ("case_decided" otherwise already, "member_erased"); and as GiveAward.
Result<CaseOutcome> DecideCase(Transaction& transaction, const Site& site,
                               const ProgrammeSite& programme, const CaseDecision& decision);

}  // namespace passmint::issuance
