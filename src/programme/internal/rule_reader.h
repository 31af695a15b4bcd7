#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "programme/internal/fields.h"
#include "programme/rules.h"

// The parts of ParseRules: one function for each kind of object in a rule set.

namespace passmint::programme::internal {

inline constexpr std::int64_t kPpmMax = 1'000'000;
// No list of a rule set is longer.
inline constexpr std::size_t kRulesMax = 100;

// What is known while a rule set is read: what was read so far and the names that are taken.
struct RuleReader {
  RuleSet rules;
  Problems problems;
  std::set<std::string> rule_ids;  // Of earn, discounts, coupons, actions and occasions: one space.

  void TakeId(const std::string& id, const std::string& pointer);
  // The index of a budget, stamp card ... by its id; kNone and a problem if there is none.
  int BudgetNamed(Fields& fields, std::string_view name);
  // Index of the stack group; kNone never.
  int GroupOf(Fields& rule, std::vector<StackGroup>& groups, StackGroup::Mode otherwise);
};

// Conditions whose answers are not known before the discounts are done.
enum class KnownThen { kBeforeDiscounts, kAtEarning };

// "window", "when", "include" and "exclude" of a rule.
Gate ReadGate(Fields& rule, RuleReader& reader, KnownThen known);
Selector ReadSelector(const Json& json, const std::string& pointer, Problems& problems);
Condition ReadCondition(const Json& json, const std::string& pointer, Problems& problems,
                        KnownThen known, int depth = 0);

Limits ReadLimits(Fields& rule, RuleReader& reader);

// "activate_after" and "expires".
struct Life {
  Period activate_after;
  Expiry expires;
};
Life ReadLife(Fields& rule);
// "once": a calendar unit; nothing if it is absent.
std::optional<Unit> ReadOnce(Fields& fields);
// "funder": empty for "own".
std::string ReadFunder(Fields& rule);

EarnRule ReadEarnRule(const Json& json, const std::string& pointer, RuleReader& reader);
Discount ReadDiscount(const Json& json, const std::string& pointer, RuleReader& reader,
                      bool coupon);

void ReadTiers(const Json& json, RuleReader& reader);
void ReadActions(Fields& top, RuleReader& reader);
void ReadCalendar(const Json& json, RuleReader& reader);
void ReadStamps(Fields& top, RuleReader& reader);
void ReadReferral(const Json& json, RuleReader& reader);
void ReadRewards(Fields& top, RuleReader& reader);
void ReadBudgets(Fields& top, RuleReader& reader);
void ReadMessages(Fields& top, RuleReader& reader);
void ReadCardSale(const Json& json, RuleReader& reader);
void ReadMemberships(Fields& top, RuleReader& reader);
void ReadAdvice(Fields& top, RuleReader& reader);

}  // namespace passmint::programme::internal
