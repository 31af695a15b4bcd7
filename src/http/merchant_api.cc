#include "http/merchant_api.h"

#include <utility>

#include "base/utf8.h"
#include "http/problem.h"
#include "http/rollouts_api.h"
#include "http/studio_cookie.h"
#include "http/studio_endpoints.h"
#include "http/trace_api.h"
#include "issuance/idempotency.h"
#include "issuance/studio_session.h"

namespace passmint::http {
namespace {

constexpr std::size_t kIdempotencyKeyMax = 255;  // contract/api.md section 1.

Error MissingHeader(std::string name, std::string detail) {
  Error error{.code = ErrorCode::kInvalidSyntax, .message = detail, .reason = "missing_header"};
  error.problems.push_back({"required", "#header/" + std::move(name), std::move(detail)});
  return error;
}

// The only calls that the studio's cookie opens.
constexpr std::string_view kStudioCalls = "/api/v1/templates";

Result<issuance::ApiKey> FindKey(const Context& context, const Headers& headers,
                                 std::string_view path) {
  constexpr std::string_view kScheme = "Bearer ";
  std::string_view presented = headers.Find("Authorization");
  const std::string_view session = presented.empty() && path.starts_with(kStudioCalls)
                                       ? StudioSession(headers)
                                       : std::string_view();
  presented = presented.starts_with(kScheme) ? presented.substr(kScheme.size()) : "";
  issuance::ApiKey key;
  const Status read = context.store.Read([&](issuance::Transaction& transaction) -> Status {
    auto found = session.empty() ? issuance::Authenticate(transaction, presented)
                                 : issuance::ResumeStudioSession(transaction, context.site, session,
                                                                 context.clock.Now());
    if (!found.ok()) return std::move(found).error();
    key = std::move(found).value();
    return {};
  });
  if (!read.ok()) return read.error();
  return key;
}

// The Idempotency-Key of the request, or nothing if there is none and none is needed.
Result<std::optional<IdempotencyKey>> FindIdempotencyKey(const Request& request, KeyUse use) {
  if (use == KeyUse::kNone || !request.headers.Has("Idempotency-Key")) {
    if (use == KeyUse::kRequired) {
      return MissingHeader(
          "Idempotency-Key",
          "this call needs the header Idempotency-Key: any text that is new for new work");
    }
    return std::optional<IdempotencyKey>();
  }
  const std::string_view key = request.headers.Find("Idempotency-Key");
  if (key.empty() || key.size() > kIdempotencyKeyMax || !IsUtf8(key) || HasControlCharacter(key)) {
    return InvalidInput("invalid_value", "#header/Idempotency-Key",
                        "1 to 255 printable characters");
  }
  return std::optional<IdempotencyKey>(IdempotencyKey(std::string(key)));
}

Response Encode(Reply reply) {
  Response response{.status = reply.status,
                    .content_type = reply.body.empty() ? "" : std::move(reply.content_type),
                    .body = std::move(reply.body)};
  for (auto& [name, value] : reply.headers) response.headers.Add(std::move(name), std::move(value));
  return response;
}

issuance::Answer RefusalAnswer(const Error& error) {
  const Response problem = ProblemResponse(error);
  return {.status = problem.status, .body = problem.body, .about = std::nullopt};
}

issuance::KeyedRequest Keyed(const Call& call, const IdempotencyKey& key) {
  return {.scope = call.programme_id().str() + " " + call.request.method + " " +
                   std::string(call.request.target),
          .key = key,
          .content = call.request.body};
}

Response EncodeStored(issuance::Answer answer) {
  Response response{
      .status = answer.status,
      .content_type = answer.status < 400 ? "application/json" : "application/problem+json",
      .body = std::move(answer.body)};
  if (answer.replayed) response.headers.Add("Idempotency-Replayed", "true");
  return response;
}

Response RunWork(const Call& call, const issuance::KeyedRequest& request, const Work& work) {
  Reply fresh;
  auto answer = issuance::RunOnce(
      call.context.store, call.context.site, request,
      [&](issuance::Transaction& transaction) -> Result<issuance::Answer> {
        auto reply = work(transaction);
        if (!reply.ok()) return std::move(reply).error();
        fresh = std::move(reply).value();
        return issuance::Answer{
            .status = fresh.status, .body = fresh.body, .about = fresh.about, .replayed = false};
      },
      RefusalAnswer);
  if (!answer.ok()) return ProblemResponse(answer.error());
  if (!answer.value().replayed && answer.value().status < 400) return Encode(std::move(fresh));
  return EncodeStored(std::move(answer).value());
}

bool IsLostRace(const Status& done) {
  return !done.ok() && done.error().code == ErrorCode::kUnavailable &&
         done.error().reason == "lost_race";
}

Response RunOnceUnkeyed(const Call& call, Access access, const Work& work) {
  Reply reply;
  const auto run = [&](issuance::Transaction& transaction) -> Status {
    auto made = work(transaction);
    if (!made.ok()) return std::move(made).error();
    reply = std::move(made).value();
    return {};
  };
  Status done =
      access == Access::kWrite ? call.context.store.Write(run) : call.context.store.Read(run);
  if (IsLostRace(done)) done = call.context.store.Write(run);
  return done.ok() ? Encode(std::move(reply)) : ProblemResponse(done.error());
}

}  // namespace

MerchantApi::MerchantApi(const Context& context) : context_(context), pictures_(context.store) {
  AddOrderEndpoints(router_);
  AddRefundEndpoints(router_);
  AddHoldEndpoints(router_);
  AddCardEndpoints(router_);
  AddMemberEndpoints(router_);
  AddStatementEndpoints(router_);
  AddMergeEndpoints(router_);
  AddPointsEndpoints(router_);
  AddReportEndpoints(router_);
  AddEventEndpoints(router_);
  AddTemplateEndpoints(router_);
  AddTemplateImportEndpoints(router_);
  AddPreviewEndpoints(router_, pictures_);
  AddStudioEndpoints(router_);
  AddProgrammeEndpoints(router_);
  AddGroupEndpoints(router_);
  AddOrganisationEndpoints(router_);
  AddCouponEndpoints(router_);
  AddRewardEndpoints(router_);
  AddPromoterEndpoints(router_);
  AddMembershipEndpoints(router_);
  AddPurchaseEndpoints(router_);
  AddQuoteEndpoint(router_);
  AddExplainEndpoint(router_);
  AddReplayEndpoints(router_);
  AddRolloutEndpoints(router_);
  AddTraceEndpoints(router_);
}

Response MerchantApi::Handle(const Request& request) const {
  // Who has no key learns nothing about which paths there are.
  auto key = FindKey(context_, request.headers, request.path());
  if (!key.ok()) return ProblemResponse(key.error());
  const auto match = router_.Find(request.method, request.path());
  if (match.endpoint == nullptr) {
    if (match.allowed.empty()) return ProblemResponse(404, "not_found", "nothing at this path");
    Response response =
        ProblemResponse(405, "method_not_allowed", "this path knows " + match.allowed);
    response.headers.Add("Allow", match.allowed);
    return response;
  }
  const issuance::ProgrammeSite* programme = context_.site.Find(key.value().programme);
  if (programme == nullptr) {
    return ProblemResponse({.code = ErrorCode::kUnauthenticated,
                            .message = "the key's programme is not in the settings any more"});
  }
  if (!issuance::Allows(key.value(), match.endpoint->roles)) {
    return ProblemResponse(403, "forbidden", "the key has none of the roles that this call needs");
  }
  return Run({context_, request, match.arguments, key.value(), *programme}, *match.endpoint);
}

bool MerchantApi::KnowsKey(const Headers& headers, std::string_view path) const {
  return FindKey(context_, headers, path).ok();
}

Response MerchantApi::Run(const Call& call, const Endpoint& endpoint) const {
  const auto key = FindIdempotencyKey(call.request, endpoint.key_use);
  if (!key.ok()) return ProblemResponse(key.error());
  if (key.value()) return RunKeyed(call, endpoint, Keyed(call, *key.value()));
  const auto work = endpoint.prepare(call);
  if (!work.ok()) return ProblemResponse(work.error());
  return RunOnceUnkeyed(call, endpoint.access, work.value());
}

Response MerchantApi::RunKeyed(const Call& call, const Endpoint& endpoint,
                               issuance::KeyedRequest request) const {
  const auto turn = running_.Enter(request);
  if (!turn.ok()) {
    Response response = ProblemResponse(turn.error());
    response.headers.Add("Retry-After", "1");
    return response;
  }
  auto stored = issuance::FindReplay(call.context.store, call.context.site, request);
  if (!stored.ok()) return ProblemResponse(stored.error());
  if (stored.value()) return EncodeStored(*std::move(stored).value());
  request.looked = true;
  const auto work = endpoint.prepare(call);
  if (!work.ok()) return ProblemResponse(work.error());
  return RunWork(call, request, work.value());
}

}  // namespace passmint::http
