#include "issuance/served_rules.h"

#include <string>

#include "json/json.h"

namespace passmint::issuance {
namespace {

class Check {
 public:
  std::vector<InputProblem> problems;

  void RefuseIf(bool asked, const std::string& pointer) {
    if (!asked) return;
    problems.push_back({"not_served", pointer, "this version does not serve it yet"});
  }
};

}  // namespace

std::vector<InputProblem> NotServed(const programme::RuleSet& rules) {
  Check check;
  for (std::size_t i = 0; i < rules.earn.size(); ++i) {
    const std::string pointer = json::Child("/earn", i);
    check.RefuseIf(rules.earn[i].expires.sliding, pointer + "/expires/sliding");
  }
  return std::move(check.problems);
}

}  // namespace passmint::issuance
