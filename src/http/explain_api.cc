#include <utility>

#include "http/endpoint.h"
#include "issuance/explain.h"

namespace passmint::http {
namespace {

using issuance::Role;

Json StepsJson(const std::vector<issuance::ExplainedStep>& steps) {
  Json json = Json::array();
  for (const issuance::ExplainedStep& step : steps) {
    json.push_back({{"name", step.name},
                    {"minor", step.minor},
                    {"points", step.points},
                    {"detail", step.detail}});
  }
  return json;
}

Json ExplanationJson(const issuance::Explanation& explanation) {
  Json rules = Json::array();
  for (const issuance::ExplainedRule& rule : explanation.rules) {
    rules.push_back(
        {{"rule", rule.rule}, {"points", rule.points}, {"steps", StepsJson(rule.steps)}});
  }
  return {{"entry", explanation.entry},
          {"type", ledger::ToText(explanation.type)},
          {"points", explanation.points},
          {"agrees", explanation.agrees},
          {"rule_set_version", explanation.rule_set ? Json(*explanation.rule_set) : Json(nullptr)},
          {"rules", std::move(rules)}};
}

Result<Work> ExplainEntry(const Call& call) {
  return Work([call](issuance::Transaction& transaction) -> Result<Reply> {
    const auto explanation = issuance::ExplainEntry(transaction, call.programme, call.arguments[0]);
    if (!explanation.ok()) return explanation.error();
    return JsonReply(200, ExplanationJson(explanation.value()));
  });
}

}  // namespace

void AddExplainEndpoint(EndpointRouter& router) {
  router.Add(
      "GET", "/api/v1/entries/{id}/explain",
      {Access::kRead, KeyUse::kNone, {Role::kShop, Role::kOperator, Role::kAdmin}, ExplainEntry});
}

}  // namespace passmint::http
