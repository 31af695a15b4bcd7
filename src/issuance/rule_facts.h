#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "cards/member.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/order.h"
#include "programme/evaluation.h"
#include "programme/facts.h"
#include "programme/rules.h"
#include "programme/tiers.h"

// What rules know of a member beside the order.

namespace passmint::issuance {

// What has to be read for a rule set. Plain rates need nothing.
struct RuleNeeds {
  bool progress = false;  // History, tiers, limits per member, "once".
  bool member = false;    // Birthday, attributes and the like: what is known of the member anyway.
  bool groups = false;
  bool ties = false;  // To organisations.
  bool budgets = false;
  bool card = false;         // The card's own rate.
  bool memberships = false;  // Plans that are paid for.

  bool any() const {
    return progress || member || groups || ties || budgets || card || memberships;
  }
};
RuleNeeds NeedsOf(const programme::RuleSet& rules);
RuleNeeds NeedsOf(const programme::Award& award);

struct KnownFacts {
  programme::Facts facts;
  std::optional<MemberProgress> progress;  // Before the order, if orders are counted.
  std::chrono::sys_days day{};             // When it was paid, in the programme's zone.
};

// Whom an order is about.
struct Party {
  const cards::Member* member = nullptr;  // Null: somebody whom nobody knows yet.
  std::string card = {};                  // Its id; empty: none, or not known.
};

programme::MemberFacts MemberFactsOf(const cards::Member& member);

// Where the member stands at that instant. REQUIRES: the rules have levels.
programme::Standing StandingOf(const MemberProgress& progress, const programme::Tiers& tiers,
                               const calendar::TimeZone& zone, Timestamp at);

// A rate of the level that the facts say; 0 below the first.
std::int64_t RateOfLevel(const programme::RuleSet& rules, const programme::Facts& facts,
                         std::int64_t programme::Level::*rate);

// Tells the groups and organisations of a member at that instant, as far as they are needed.
Status TellTies(Transaction& transaction, const ProgrammeId& programme, const RuleNeeds& needs,
                const MemberId& member, Timestamp at, programme::MemberFacts& facts);

// Tells the progress as facts of an order that was paid at that instant: history, tier, limits and
// grants that count then.
void Tell(const MemberProgress& progress, const programme::RuleSet& rules,
          const calendar::TimeZone& zone, Timestamp paid_at, programme::Facts& facts);

// `paid_at` says which periods of limits and memberships run.
// REQUIRES: the member is locked, or this is a read.
Result<KnownFacts> FactsOf(Transaction& transaction, const ProgrammeSite& programme,
                           const programme::RuleSet& rules, const calendar::TimeZone& zone,
                           const Party& party, Timestamp paid_at);

}  // namespace passmint::issuance
