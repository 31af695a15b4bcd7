#include <utility>

#include "http/decode.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/tier_json.h"
#include "issuance/merge.h"
#include "issuance/staff.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::Transaction;

constexpr TextBounds kReason{1, 500};

Result<Work> MergeMembers(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::Merge merge;
  merge.winner = MemberId(call.arguments[0]);
  merge.loser = MemberId(reader.RequiredText("member_id", kCallerId));
  merge.reason = reader.RequiredText("reason", kReason);
  merge.dry_run = reader.Boolean("dry_run").value_or(false);
  merge.actor = call.key.name.str();
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, merge = std::move(merge)](Transaction& transaction) -> Result<Reply> {
    for (const MemberId& side : {merge.winner, merge.loser}) {
      Status others = issuance::RequireNotOwn(transaction, call.programme_id(),
                                              issuance::StaffOf(call.key), side);
      if (!others.ok()) return std::move(others).error();
    }
    auto merged = issuance::MergeMembers(transaction, call.context.site, call.programme, merge);
    if (!merged.ok()) return std::move(merged).error();
    Json member = MemberJson(merged.value().member, transaction.Now());
    member["lifecycle"] = LifecycleJson(call, transaction, merged.value().member.member.id);
    member["tier"] = TierJson(call, transaction, merged.value().member.member.id);
    Reply reply = JsonReply(200, {{"merged", merge.loser.str()},
                                  {"dry_run", merge.dry_run},
                                  {"member", std::move(member)},
                                  {"points", PointsResultJson(merged.value().points)}});
    reply.about = merged.value().member.member.id;
    return reply;
  });
}

}  // namespace

void AddMergeEndpoints(EndpointRouter& router) {
  router.Add("POST", "/api/v1/members/{id}/merge",
             {Access::kWrite, KeyUse::kOptional, {Role::kOperator, Role::kAdmin}, MergeMembers});
}

}  // namespace passmint::http
