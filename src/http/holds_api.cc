#include <utility>

#include "http/decode_who.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "issuance/holds.h"

namespace passmint::http {
namespace {

using issuance::HoldView;
using issuance::Role;
using issuance::Transaction;

constexpr TextBounds kSource{1, 64};
constexpr std::int64_t kLifetimeMax = std::chrono::seconds(ledger::kHoldLifetimeMax).count();

std::string_view StatusName(ledger::HoldState state) {
  switch (state) {
    case ledger::HoldState::kOpen:
      return "open";
    case ledger::HoldState::kCaptured:
      return "captured";
    case ledger::HoldState::kVoided:
      return "voided";
    case ledger::HoldState::kExpired:
      return "expired";
  }
  return "";
}

Json HoldJson(const HoldView& view) {
  return {{"id", view.hold.id.str()},
          {"status", StatusName(view.hold.state)},
          {"member", {{"id", view.member.str()}}},
          {"points", view.points()},
          {"captured", view.hold.captured},
          {"order_id", OptionalText(view.hold.order_id)},
          {"source", OptionalText(view.hold.order_source)},
          {"created_at", InstantJson(view.hold.created_at)},
          {"expires_at", InstantJson(view.hold.expires_at)}};
}

Result<Reply> HoldReply(int status, const Result<issuance::HoldOutcome>& outcome) {
  if (!outcome.ok()) return outcome.error();
  Reply reply = JsonReply(status, {{"hold", HoldJson(outcome.value().hold)},
                                   {"points", PointsResultJson(outcome.value().points)}});
  reply.about = outcome.value().hold.member;
  return reply;
}

Result<issuance::HoldRequest> DecodeHold(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::HoldRequest request;
  request.who = DecodeWho(reader);
  request.points = reader.RequiredInteger("points", 1, Points::kMax);
  request.lifetime = std::chrono::seconds(reader.RequiredInteger("ttl_seconds", 1, kLifetimeMax));
  request.order_id = reader.Text("order_id", kCallerId).value_or("");
  request.source = reader.Text("source", kSource)
                       .value_or(request.order_id.empty() ? "" : call.key.source.str());
  request.actor = call.key.name.str();
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return request;
}

Result<Work> CreateHold(const Call& call) {
  auto request = DecodeHold(call);
  if (!request.ok()) return std::move(request).error();
  return Work([call, request = std::move(request).value()](Transaction& transaction) {
    return HoldReply(201,
                     issuance::CreateHold(transaction, call.context.site, call.programme, request));
  });
}

Result<Work> GetHold(const Call& call) {
  return Work([call, id = HoldId(call.arguments[0])](Transaction& transaction) -> Result<Reply> {
    auto hold = issuance::GetHold(transaction, call.programme_id(), id);
    if (!hold.ok()) return std::move(hold).error();
    return JsonReply(200, HoldJson(hold.value()));
  });
}

Result<Work> CaptureHold(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::Capture capture{.id = HoldId(call.arguments[0]),
                            .points = reader.RequiredInteger("points", 1, Points::kMax),
                            .order_id = reader.Text("order_id", kCallerId),
                            .actor = call.key.name.str()};
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, capture = std::move(capture)](Transaction& transaction) {
    return HoldReply(
        200, issuance::CaptureHold(transaction, call.context.site, call.programme, capture));
  });
}

Result<Work> VoidHold(const Call& call) {
  Status nothing = RequireNoMembers(call.request.body, call.request.headers.Find("Content-Type"));
  if (!nothing.ok()) return std::move(nothing).error();
  return Work([call, id = HoldId(call.arguments[0])](Transaction& transaction) {
    return HoldReply(200, issuance::VoidHold(transaction, call.programme, id, call.key.name.str()));
  });
}

}  // namespace

void AddHoldEndpoints(EndpointRouter& router) {
  const std::vector<Role> shop = {Role::kShop, Role::kAdmin};
  const std::vector<Role> all = {Role::kShop, Role::kOperator, Role::kAdmin};
  const std::string hold = "/api/v1/holds/{id}";
  router.Add("POST", "/api/v1/holds", {Access::kWrite, KeyUse::kRequired, shop, CreateHold});
  router.Add("GET", hold, {Access::kRead, KeyUse::kNone, all, GetHold});
  router.Add("POST", hold + "/capture", {Access::kWrite, KeyUse::kOptional, shop, CaptureHold});
  router.Add("POST", hold + "/void", {Access::kWrite, KeyUse::kOptional, shop, VoidHold});
}

}  // namespace passmint::http
