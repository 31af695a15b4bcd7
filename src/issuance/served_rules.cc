#include "issuance/served_rules.h"

#include <algorithm>
#include <string>

#include "json/json.h"

namespace passmint::issuance {
namespace {

using programme::Condition;
using programme::Field;

class Check {
 public:
  std::vector<InputProblem> problems;

  void Refuse(const std::string& pointer) {
    problems.push_back({"not_served", pointer, "this version does not serve it yet"});
  }
  void RefuseIf(bool asked, const std::string& pointer) {
    if (asked) Refuse(pointer);
  }

  void Gate(const programme::Gate& gate, const std::string& pointer) {
    const auto unknown = [](Field field) { return field == Field::kMemberOptedIn; };
    RefuseIf(LooksAt(gate.when, unknown), pointer + "/when");
  }

  // Whether some test of the condition is about a field that `named` names.
  template <class Named>
  static bool LooksAt(const Condition& condition, const Named& named) {
    if (condition.kind == Condition::Kind::kTest) return named(condition.test.field);
    return std::any_of(condition.parts.begin(), condition.parts.end(),
                       [&named](const Condition& part) { return LooksAt(part, named); });
  }
};

template <class Rules>
void CheckAll(const Rules& rules, const std::string& list, Check& check) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string pointer = json::Child(list, i);
    check.Gate(rules[i].gate, pointer);
  }
}

}  // namespace

std::vector<InputProblem> NotServed(const programme::RuleSet& rules) {
  Check check;
  CheckAll(rules.earn, "/earn", check);
  CheckAll(rules.discounts, "/discounts", check);
  CheckAll(rules.coupons, "/coupons", check);
  for (std::size_t i = 0; i < rules.earn.size(); ++i) {
    const std::string pointer = json::Child("/earn", i);
    check.RefuseIf(rules.earn[i].kind == programme::EarnRule::Kind::kStamp, pointer + "/kind");
    check.RefuseIf(rules.earn[i].expires.sliding, pointer + "/expires/sliding");
  }
  for (std::size_t i = 0; i < rules.tiers.levels.size(); ++i) {
    check.RefuseIf(!rules.tiers.levels[i].template_name.empty(),
                   json::Child("/tiers/levels", i) + "/template");
  }
  check.RefuseIf(!rules.actions.empty(), "/actions");
  check.RefuseIf(!rules.occasions.empty(), "/calendar/grants");
  check.RefuseIf(rules.referral.has_value(), "/referral");
  CheckAll(rules.rewards, "/rewards", check);
  check.RefuseIf(!rules.messages.empty(), "/messages");
  CheckAll(rules.advice, "/advice", check);
  return std::move(check.problems);
}

}  // namespace passmint::issuance
