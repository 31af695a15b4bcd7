#include "http/rollouts_api.h"

#include <utility>

#include "http/decode.h"
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

Result<Work> PaceRollout(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  const auto per_second = static_cast<int>(
      reader.RequiredInteger("per_second", 1, issuance::kRolloutCardsPerSecondMax));
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work(
      [call, per_second, name = TemplateName(call.arguments[0])](Transaction& t) -> Result<Reply> {
        auto rollout = issuance::PaceRollout(t, call.programme_id(), name, per_second);
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
  router.Add("POST", rollout + "/pace", {Access::kWrite, KeyUse::kOptional, writers, PaceRollout});
}

}  // namespace passmint::http
