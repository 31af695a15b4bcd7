#include "http/rollouts_api.h"

#include <utility>

#include "issuance/rollouts.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::RolloutOrder;
using issuance::Transaction;

Result<Work> GetRollout(const Call& call) {
  return Work([call, name = TemplateName(call.arguments[0])](Transaction& t) -> Result<Reply> {
    auto rollout = issuance::GetRollout(t, call.programme_id(), name);
    if (!rollout.ok()) return std::move(rollout).error();
    return JsonReply(200, issuance::RolloutJson(rollout.value()));
  });
}

template <RolloutOrder kOrder>
Result<Work> OrderRollout(const Call& call) {
  return Work([call, name = TemplateName(call.arguments[0])](Transaction& t) -> Result<Reply> {
    auto rollout = issuance::OrderRollout(t, call.programme_id(), name, kOrder);
    if (!rollout.ok()) return std::move(rollout).error();
    return JsonReply(200, issuance::RolloutJson(rollout.value()));
  });
}

}  // namespace

void AddRolloutEndpoints(EndpointRouter& router) {
  const std::vector<Role> readers = {Role::kDesigner, Role::kApprover, Role::kOperator,
                                     Role::kAdmin};
  const std::vector<Role> writers = {Role::kApprover, Role::kOperator, Role::kAdmin};
  const std::string rollout = "/api/v1/templates/{name}/rollout";
  router.Add("GET", rollout, {Access::kRead, KeyUse::kNone, readers, GetRollout});
  router.Add("POST", rollout + "/pause",
             {Access::kWrite, KeyUse::kOptional, writers, OrderRollout<RolloutOrder::kPause>});
  router.Add("POST", rollout + "/resume",
             {Access::kWrite, KeyUse::kOptional, writers, OrderRollout<RolloutOrder::kResume>});
  router.Add("POST", rollout + "/cancel",
             {Access::kWrite, KeyUse::kOptional, writers, OrderRollout<RolloutOrder::kCancel>});
}

}  // namespace passmint::http
