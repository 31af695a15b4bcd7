#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "issuance/points_summary.h"
#include "issuance/rule_facts.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/order.h"
#include "programme/evaluation.h"
#include "programme/rules.h"

// What orders take of limits, budgets and once-only grants, and refunds give back.

namespace passmint::issuance {

// What an order took of limits, budgets and once-only grants; kept with the order, so that refunds
// give it back whatever the rules say by then.
struct Counted {
  enum class Measure { kPoints, kMinor };  // Of earning rules, of discounts.
  struct Use {
    std::string rule;  // "" for all together.
    std::string period;
    std::int64_t amount = 0;
    Measure measure = Measure::kPoints;
  };
  struct Spent {
    std::string budget;
    std::string rule;
    std::int64_t amount = 0;
    Measure measure = Measure::kPoints;
  };
  struct Grant {
    std::string rule;
    std::string occurrence;
  };
  std::vector<Use> used;
  std::vector<Spent> spent;
  std::vector<Grant> granted;
  std::vector<std::string> codes;  // Keys of the coupon codes that it used up, in order.

  bool empty() const { return used.empty() && spent.empty() && granted.empty() && codes.empty(); }
};
Counted CountedBy(const programme::RuleSet& rules, const calendar::TimeZone& zone,
                  const programme::Evaluation& evaluation, Timestamp paid_at);
Json CountedJson(const Counted& counted);
Counted ReadCounted(const Json& json);

// Adds it to what the member's limits and once-only grants have seen.
void CountInto(const Counted& counted, MemberProgress& progress);
// Adds an order to what its member did. Nothing if `known` has no progress.
Status CountOrder(Transaction& transaction, const ProgrammeId& programme, const MemberId& member,
                  const KnownFacts& known, const Counted& counted,
                  const ledger::OrderRecord& record, Timestamp paid_at);

// Takes what an order granted from the budgets: the last thing before the answer. Fails with
// kUnavailable, reason "lost_race", if another order was first and too little is left: run it
// again, and the rule gives less.
Status SpendBudgets(Transaction& transaction, const ProgrammeId& programme,
                    const programme::RuleSet& rules, const Counted& counted);

// A refund, as far as what was counted is concerned.
struct CountedRefund {
  MemberId member;  // Who has the order's points now.
  ledger::OrderRecord before;
  ledger::OrderRecord after;
  std::vector<PointsReason> reversals;  // What was clawed back, by rule: negative.
};
// Takes it off again: sums, limits, budgets; with all of the order refunded also its once-only
// grants and its coupon codes, so that they can be made and used again.
Status UncountRefund(Transaction& transaction, const ProgrammeSite& programme,
                     const Counted& counted, const CountedRefund& refund);

}  // namespace passmint::issuance
