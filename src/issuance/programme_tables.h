#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ledger/order.h"

namespace passmint::issuance {

struct Order;  // store.h

// A published rule set. Immutable.
struct RuleSetVersion {
  std::int64_t version = 0;  // From 1, without gaps.
  std::string hash;          // SHA-256 of the content, in hex.
  Timestamp effective_from;  // It judges what was paid then or later, until a later version does.
  ApiKeyName author;
  ApiKeyName published_by;
  Timestamp published_at;
  std::string comment;
  std::string content;  // JSON with sorted keys.
};

// The rule set that is being worked on.
struct RuleDraft {
  std::string etag;     // As RuleSetVersion::hash.
  std::string content;  // JSON with sorted keys; reads as a rule set.
  ApiKeyName author;
  Timestamp updated_at;
};

// What one day added to a member's sums; refunds count on their own day, and may make it negative.
struct MemberDay {
  std::int64_t orders = 0;
  std::int64_t spend = 0;
  std::int64_t points = 0;

  friend bool operator==(const MemberDay&, const MemberDay&) = default;
};

// What rules may know of a member, over all orders so far, refunds taken off. Minor units, points.
struct MemberProgress {
  std::int64_t orders = 0;  // Of which something is left.
  std::int64_t spend = 0;   // Paid by money.
  std::int64_t points_earned = 0;
  std::optional<Timestamp> last_order_at;
  // What rules with a limit per member gave, by rule ("": all together) and period
  // (programme::UnitKey).
  std::map<std::pair<std::string, std::string>, std::int64_t> used;
  // Grants of rules with "once", by rule and occurrence.
  std::set<std::pair<std::string, std::string>> granted;
  // For tiers, by day in the programme's zone. The oldest one may hold all that was before it.
  std::map<std::chrono::sys_days, MemberDay> days;

  friend bool operator==(const MemberProgress&, const MemberProgress&) = default;
};

// An order as far as MemberProgress counts it.
struct PastOrder {
  Timestamp paid_at;
  ledger::OrderRecord record;
};

// Where an order stands in a member's history.
struct OrderPlace {
  Timestamp paid_at;
  OrderSource source;
  OrderId id;
};

struct CustomerGroup {
  std::string id;
  std::string name;
  std::int64_t members = 0;
};

// The rules' part of a Transaction (store.h), with the same failures and the same life.
class ProgrammeTables {
 public:
  // Version of the newest rule set; 0 if none was published. Costs nothing once FindKnownMember has
  // found somebody.
  virtual Result<std::int64_t> NewestRuleSet(const ProgrammeId&) = 0;
  // Versions above `after`, oldest first.
  virtual Result<std::vector<RuleSetVersion>> RuleSetsAfter(const ProgrammeId&, std::int64_t after,
                                                            int limit) = 0;
  // All of them, newest first, without their content.
  virtual Result<std::vector<RuleSetVersion>> RuleSetHistory(const ProgrammeId&, int limit) = 0;
  // Fails with kUnavailable, reason "lost_race", if the version is there already.
  virtual Status InsertRuleSet(const ProgrammeId&, const RuleSetVersion&) = 0;

  virtual Result<std::optional<RuleDraft>> FindRuleDraft(const ProgrammeId&) = 0;
  // `replaces`: the etag that was read; empty: there was no draft. Fails with kUnavailable, reason
  // "lost_race", if it is another one by now.
  virtual Status PutRuleDraft(const ProgrammeId&, const RuleDraft&,
                              const std::string& replaces) = 0;

  // Nothing if it is not kept yet. REQUIRES: the member is locked, to be changed.
  virtual Result<std::optional<MemberProgress>> FindProgress(const ProgrammeId&,
                                                             const MemberId&) = 0;
  virtual Status PutProgress(const ProgrammeId&, const MemberId&, const MemberProgress&) = 0;
  // All orders of a member, to begin the progress with.
  virtual Result<std::vector<PastOrder>> PastOrders(const ProgrammeId&, const MemberId&) = 0;

  // Those of a member, the last paid first, before the given place.
  virtual Result<std::vector<Order>> OrdersOf(const ProgrammeId&, const MemberId&,
                                              const OrderPlace& before, int limit) = 0;

  // What was spent of each budget that was ever spent of.
  virtual Result<std::map<std::string, std::int64_t>> BudgetsSpent(const ProgrammeId&) = 0;
  // Spends `amount` (below zero: gives back) unless that would go beyond `cap`: false, and nothing
  // was written. Holds up every other order on the budget until the end, so it comes last, and
  // budgets by rising id.
  virtual Result<bool> SpendBudget(const ProgrammeId&, const std::string& id, std::int64_t amount,
                                   std::int64_t cap) = 0;

  // Ids, in order.
  virtual Result<std::vector<std::string>> GroupsOf(const ProgrammeId&, const MemberId&) = 0;
  // By id, behind `after`.
  virtual Result<std::vector<CustomerGroup>> Groups(const ProgrammeId&, const std::string& after,
                                                    int limit) = 0;
  virtual Result<std::optional<CustomerGroup>> FindGroup(const ProgrammeId&,
                                                         const std::string& id) = 0;
  // Makes or renames it.
  virtual Status PutGroup(const ProgrammeId&, const CustomerGroup&) = 0;
  // Harmless again.
  virtual Status AddToGroup(const ProgrammeId&, const std::string& group, const MemberId&) = 0;
  virtual Status RemoveFromGroup(const ProgrammeId&, const std::string& group, const MemberId&) = 0;

 protected:
  ~ProgrammeTables() = default;
};

}  // namespace passmint::issuance
