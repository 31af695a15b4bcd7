#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/replay_tables.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/rules.h"

// `POST /programme/replay`: what a rule set would have given for the orders of a time. Changes
// nothing.

namespace passmint::issuance {

inline constexpr std::chrono::days kReplayDaysMax{31};
// Orders of that time that are held in memory at once.
inline constexpr std::size_t kReplayOrdersMax = 1'000'000;
inline constexpr int kReplayExamplesMax = 100;

// Points by the rules that judged, and by those that are tried.
struct NowAndDraft {
  std::int64_t now = 0;
  std::int64_t draft = 0;
};

struct ReplayedOrder {
  OrderId id;
  OrderSource source;
  NowAndDraft earned;
};

struct ReplayedMember {
  MemberId member;
  NowAndDraft earned;
};

struct ReplayedBudget {
  std::string id;
  std::int64_t spent = 0;  // Of the draft's budget, which begins full.
  std::optional<std::int64_t> cap;
};

struct Replay {
  std::int64_t orders = 0;
  std::int64_t changed = 0;  // Orders that would have earned something else.
  std::int64_t refused = 0;  // Orders that the draft cannot judge; it gives them nothing.
  std::int64_t erased = 0;   // Orders whose lines are gone; not counted above.
  NowAndDraft earned;        // Before refunds.
  NowAndDraft spent;
  std::int64_t gain = 0;                // Members who would have got more,
  std::int64_t lose = 0;                // and less.
  std::vector<ReplayedOrder> examples;  // The largest differences first.
  std::vector<ReplayedMember> members;  // Likewise, as many.
  std::vector<ReplayedBudget> budgets;
};

// Hears of it every few thousand orders; false ends the replay.
using OnReplayProgress = std::function<bool(const ReplayProgress&)>;

// Fails with kInvalidArgument at /from or /to: "out_of_range", longer than kReplayDaysMax or in the
// wrong order.
Status CheckReplay(const ReplayRequest& request);

// Judges the orders in the order in which they were paid, each with what its member had done by
// then: history, tiers, limits and grants as the draft would have counted them; birthday,
// attributes, groups and the card's own rate as they are today, memberships as they were paid for.
// Of the points that they burned they burn what the draft allows. Reads in many short transactions.
//
// Fails as CheckReplay; with kInvalidArgument at /from, "out_of_range": more than kReplayOrdersMax
// orders; with kConflict, "cancelled", if `on_progress` said so.
Result<Replay> ReplayRules(Store& store, const ProgrammeSite& programme,
                           const programme::RuleSet& draft, const ReplayRequest& request,
                           const OnReplayProgress& on_progress);

}  // namespace passmint::issuance
