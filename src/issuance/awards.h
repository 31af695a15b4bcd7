#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/award_tables.h"
#include "issuance/points_summary.h"
#include "issuance/rule_facts.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "json/json.h"
#include "ledger/lot.h"
#include "ledger/order.h"
#include "programme/award.h"
#include "programme/rules.h"

// Points of rules for what is no order, given once.

namespace passmint::issuance {

// Points that can be taken back are booked as what an order of one line earned (ledger/order.h).
struct AsOrder {
  std::string id;          // Of the record's key, which has no source.
  std::int64_t paid = 0;   // What the line cost, minor units; > 0.
  std::int64_t fixed = 0;  // Of the points: what goes whole with the last of it.
};

struct AwardRequest {
  const programme::RuleSet& rules;
  const programme::Award& award;
  const cards::Member& member;  // As FindMember of this transaction found it; alive.
  std::string occurrence;       // Given once for (member, award, occurrence).
  std::int64_t count = 1;       // Times its points if the award is per unit.
  Timestamp at;                 // When it happened: windows, conditions and limits look at it.
  ledger::Document document;
  std::string actor;
  Json note = nullptr;  // As Movement::note.
  std::optional<AsOrder> as_order = {};
  bool activity = false;  // The member did it, as Movement::activity has it.
};

struct AwardOutcome {
  // kKnown: given before. kClosed: the rule's window or condition does not let them have it.
  // kLimit, kBudget: nothing was left.
  enum class What { kGiven, kKnown, kClosed, kLimit, kBudget };
  What what = What::kClosed;
  std::int64_t points = 0;
  std::string entry;                   // Empty: no points moved.
  PointsSummary summary;               // Of kGiven with points.
  programme::AwardLimits limits = {};  // What they had left before.
  std::string period = {};             // Of the member's limit; empty: there is none.
  ledger::OrderRecord record = {};     // Of AwardRequest::as_order.
};

// Judges and, if there is something to give, books it: entry, what limits and budgets have seen,
// and that it was given. Activation and expiry count from the transaction's time. Fails as
// ledger::Apply and the store; kUnavailable, "lost_race", if another took the rest of a budget or
// gave the same: run it again.
Result<AwardOutcome> GiveAward(Transaction& transaction, const Site& site,
                               const ProgrammeSite& programme, const AwardRequest& request);

// What would be given now; nothing is changed. Fails as the store.
Result<AwardOutcome> JudgeAward(Transaction& transaction, const ProgrammeSite& programme,
                                const AwardRequest& request);

// GivenAward::limits and back.
Json LimitsJson(const programme::AwardLimits& limits);
programme::AwardLimits ReadLimits(const Json& json);

}  // namespace passmint::issuance
