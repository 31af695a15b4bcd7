#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "programme/internal/lint.h"

namespace passmint::programme::internal {
namespace {

// What a field may still be after some tests that all have to hold.
struct Bounds {
  std::int64_t least = std::numeric_limits<std::int64_t>::min() / 2;
  std::int64_t most = std::numeric_limits<std::int64_t>::max() / 2;
  std::optional<std::set<std::int64_t>> numbers = {};
  std::optional<std::set<std::string>> texts = {};

  bool empty() const {
    if (texts && texts->empty()) return true;
    if (least > most) return true;
    if (!numbers) return false;
    return std::none_of(numbers->begin(), numbers->end(),
                        [this](std::int64_t number) { return number >= least && number <= most; });
  }
};

template <class Value>
void Intersect(std::optional<std::set<Value>>& known, const std::vector<Value>& allowed) {
  std::set<Value> both;
  for (const Value& value : allowed) {
    if (!known || known->contains(value)) both.insert(value);
  }
  known = std::move(both);
}

// Amounts and counts are never negative; days and levels have their own least values.
Bounds OfField(Field field) {
  Bounds bounds;
  bounds.least = field == Field::kTierLevel ? -1 : 0;
  if (field == Field::kMemberAge) bounds.least = -1000;
  if (field == Field::kTimeMonth || field == Field::kTimeDay) bounds.least = 1;
  if (field == Field::kTimeMonth) bounds.most = 12;
  if (field == Field::kTimeDay) bounds.most = 31;
  if (field == Field::kTimeClock) bounds.most = 24 * 60 - 1;
  if (field == Field::kMemberOptedIn) bounds.most = 1;
  if (field == Field::kMemberBirthdayIn || field == Field::kMemberBirthdayAgo) bounds.most = 365;
  return bounds;
}

using AllBounds = std::map<std::pair<Field, std::string>, Bounds>;

void Narrow(const Test& test, AllBounds& all) {
  // Tests of what a member has several of do not contradict each other.
  if (HasSeveral(test.field)) return;
  Bounds& bounds = all.try_emplace({test.field, test.attribute}, OfField(test.field)).first->second;
  switch (test.operation) {
    case Operation::kEqual:
    case Operation::kIn:
      if (test.texts.empty()) {
        Intersect(bounds.numbers, test.numbers);
      } else {
        Intersect(bounds.texts, test.texts);
      }
      break;
    case Operation::kLess:
      bounds.most = std::min(bounds.most, test.numbers.front() - 1);
      break;
    case Operation::kAtMost:
      bounds.most = std::min(bounds.most, test.numbers.front());
      break;
    case Operation::kGreater:
      bounds.least = std::max(bounds.least, test.numbers.front() + 1);
      break;
    case Operation::kAtLeast:
      bounds.least = std::max(bounds.least, test.numbers.front());
      break;
    case Operation::kNotEqual:
    case Operation::kNotIn:
      for (const std::string& text : test.texts) {
        if (bounds.texts) bounds.texts->erase(text);
      }
      for (const std::int64_t number : test.numbers) {
        if (bounds.numbers) bounds.numbers->erase(number);
      }
      break;
  }
}

// Whether the tests of `condition`, with those that hold already, contradict each other. What is
// under "not" is taken to be possible.
bool IsImpossible(const Condition& condition, AllBounds& all) {
  switch (condition.kind) {
    case Condition::Kind::kNot:
      return false;
    case Condition::Kind::kTest:
      Narrow(condition.test, all);
      return std::any_of(all.begin(), all.end(),
                         [](const auto& bounds) { return bounds.second.empty(); });
    case Condition::Kind::kAny:
      return std::all_of(condition.parts.begin(), condition.parts.end(),
                         [&all](const Condition& part) {
                           AllBounds own = all;
                           return IsImpossible(part, own);
                         });
    case Condition::Kind::kAll:
      break;
  }
  // Those of kAny last: they are judged by what all the others leave.
  for (const bool any : {false, true}) {
    for (const Condition& part : condition.parts) {
      if ((part.kind == Condition::Kind::kAny) == any && IsImpossible(part, all)) return true;
    }
  }
  return false;
}

class Reach {
 public:
  Reach(const RuleSet& rules, std::vector<Finding>& findings)
      : rules_(rules), findings_(findings) {}

  template <class Rule>
  void Check(const Rule& rule, const char* list, std::size_t index) {
    list_ = list;
    index_ = index;
    CheckGate(rule.gate);
    CheckLimits(rule.limits);
    CheckGift(rule);
  }

 private:
  void Never(const char* field, std::string cause, std::string cure) {
    findings_.push_back({.id = "never_fires",
                         .level = Finding::Level::kWarning,
                         .pointer = PointerTo(list_, index_, field),
                         .cause = std::move(cause),
                         .cure = std::move(cure)});
  }

  void CheckGate(const Gate& gate) {
    AllBounds all;
    NarrowTiers(all);
    if (IsImpossible(gate.when, all)) {
      Never("when", "no order satisfies all of it at once", "loosen one of its tests");
    }
    if (NeedsUnknownPlan(gate.when)) {
      Never("when", "\"memberships\" has no plan of this id", "add the plan, or name another");
    }
    if (IsEmpty(gate)) {
      Never("exclude", "everything that it includes is excluded: exclude wins",
            "take it out of one of both");
    }
    if (gate.window.ends && rules_.effective_from &&
        Timestamp(gate.window.ends->time_since_epoch()) + std::chrono::hours(16) <
            *rules_.effective_from) {
      Never("window", "it is over before the rule set becomes effective", "remove the rule");
    }
  }

  bool IsPlan(const std::string& id) const {
    return std::any_of(rules_.memberships.begin(), rules_.memberships.end(),
                       [&id](const MembershipPlan& plan) { return plan.id == id; });
  }

  // Whether it holds for members of plans only that the rules do not sell.
  bool NeedsUnknownPlan(const Condition& when) const {
    const auto needs = [this](const Condition& part) { return NeedsUnknownPlan(part); };
    const Test& test = when.test;
    const bool asks = test.operation == Operation::kEqual || test.operation == Operation::kIn;
    switch (when.kind) {
      case Condition::Kind::kTest:
        return test.field == Field::kMemberMembership && asks &&
               std::none_of(test.texts.begin(), test.texts.end(),
                            [this](const std::string& id) { return IsPlan(id); });
      case Condition::Kind::kAll:
        return std::any_of(when.parts.begin(), when.parts.end(), needs);
      case Condition::Kind::kAny:
        return std::all_of(when.parts.begin(), when.parts.end(), needs);
      case Condition::Kind::kNot:
        break;
    }
    return false;
  }

  // A level or a name that no tier has cannot be.
  void NarrowTiers(AllBounds& all) const {
    std::vector<std::string> names{""};
    for (const Level& level : rules_.tiers.levels) names.push_back(level.name);
    Intersect(all.try_emplace({Field::kTierName, ""}, Bounds{}).first->second.texts, names);
    Bounds& level =
        all.try_emplace({Field::kTierLevel, ""}, OfField(Field::kTierLevel)).first->second;
    level.most = static_cast<std::int64_t>(rules_.tiers.levels.size()) - 1;
  }

  static bool IsEmpty(const Gate& gate) {
    const Selector& in = gate.include;
    const Selector& out = gate.exclude;
    const auto all_out = [](const auto& some, const auto& excluded) {
      return std::all_of(some.begin(), some.end(), [&excluded](const auto& one) {
        return std::find(excluded.begin(), excluded.end(), one) != excluded.end();
      });
    };
    const std::vector<LineKind> kinds =
        in.kinds.empty() ? std::vector<LineKind>{LineKind::kProduct} : in.kinds;
    if (all_out(kinds, out.kinds)) return true;
    return in.names_goods() && all_out(in.skus, out.skus) && all_out(in.categories, out.categories);
  }

  void CheckLimits(const Limits& limits) {
    const bool none = limits.line == 0 || limits.order == 0 ||
                      (limits.member && limits.member->most == 0) ||
                      (limits.budget != kNone &&
                       rules_.budgets[static_cast<std::size_t>(limits.budget)].cap == 0);
    if (none) Never("limits", "a limit or budget of nothing", "remove the rule or the limit");
  }

  void CheckGift(const EarnRule& rule) {
    using Kind = EarnRule::Kind;
    if (rule.rate != RateFrom::kRule) return CheckRate(rule.rate, &Level::ppm);
    const bool nothing =
        (rule.kind == Kind::kPercent && rule.ppm == 0) ||
        (rule.kind != Kind::kPercent && rule.kind != Kind::kMultiplier && rule.points == 0) ||
        (rule.kind == Kind::kMultiplier && rule.factor.numerator == 1 &&
         rule.factor.denominator == 1);
    if (nothing) Never(nullptr, "it gives nothing", "give it a rate, points or a factor");
  }

  void CheckGift(const Discount& discount) {
    if (discount.rate != RateFrom::kRule) return CheckRate(discount.rate, &Level::discount_ppm);
    const bool nothing = (discount.kind == Discount::Kind::kPercent && discount.ppm == 0) ||
                         (discount.kind == Discount::Kind::kAmount && discount.amount == 0);
    if (nothing) Never(nullptr, "it takes nothing off", "give it a rate or an amount");
  }

  void CheckRate(RateFrom rate, std::int64_t Level::*of) {
    const auto& levels = rules_.tiers.levels;
    const bool some = std::any_of(levels.begin(), levels.end(),
                                  [of](const Level& level) { return level.*of > 0; });
    if (some || rate == RateFrom::kCard) return;
    Never("rate", "no level of \"tiers\" has such a rate", "give the levels one");
  }

  const RuleSet& rules_;
  std::vector<Finding>& findings_;
  const char* list_ = "";
  std::size_t index_ = 0;
};

}  // namespace

void LintReach(const RuleSet& rules, std::vector<Finding>& findings) {
  Reach reach(rules, findings);
  for (std::size_t i = 0; i < rules.earn.size(); ++i) reach.Check(rules.earn[i], "earn", i);
  for (std::size_t i = 0; i < rules.discounts.size(); ++i) {
    reach.Check(rules.discounts[i], "discounts", i);
  }
  for (std::size_t i = 0; i < rules.coupons.size(); ++i) {
    reach.Check(rules.coupons[i], "coupons", i);
  }
}

}  // namespace passmint::programme::internal
