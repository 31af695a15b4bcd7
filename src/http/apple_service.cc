#include "http/apple_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/problem.h"
#include "http/router.h"
#include "issuance/current_card.h"
#include "issuance/phone_activity.h"
#include "issuance/phone_log.h"
#include "json/json.h"

namespace passmint::http {
namespace {

using Kind = ApplePath::Kind;

constexpr std::size_t kRegistrationBytesMax = 4096;
// 64 today; Apple asks not to rely on a length.
constexpr std::size_t kPushTokenDigitsMax = 512;

Response Empty(int status) { return {.status = status, .content_type = "", .body = ""}; }

Response Refusal(const Error& error) {
  if (error.code != ErrorCode::kUnauthenticated) return ProblemResponse(error);
  Response response = Empty(401);
  response.headers.Add("WWW-Authenticate", "ApplePass");
  return response;
}

Error NoToken() {
  return {.code = ErrorCode::kUnauthenticated, .message = "no ApplePass authorization"};
}

// The pass that a request is about, with the token that it brings: the scheme exactly so, one
// space.
std::optional<issuance::PassClaim> ClaimOf(const Request& request, const ApplePath& path) {
  constexpr std::string_view kScheme = "ApplePass ";
  std::string_view token = request.headers.Find("Authorization");
  if (!token.starts_with(kScheme)) return std::nullopt;
  token.remove_prefix(kScheme.size());
  return issuance::PassClaim{.pass_type = path.pass_type, .serial = path.serial, .token = token};
}

bool MayBePushToken(const std::string& text) {
  return text.size() >= 2 && text.size() <= kPushTokenDigitsMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

Result<PushToken> PushTokenIn(const std::string& body) {
  const auto parsed = json::Parse(body, kRegistrationBytesMax);
  if (!parsed.ok()) return parsed.error();
  if (parsed.value().is_object()) {
    const auto token = parsed.value().find("pushToken");
    if (token != parsed.value().end() && token->is_string()) {
      auto text = token->get<std::string>();
      if (MayBePushToken(text)) return PushToken(std::move(text));
    }
  }
  return Error{.code = ErrorCode::kInvalidSyntax,
               .message = R"(the body is {"pushToken": "..."} with 2 to 512 hex digits)"};
}

// The methods of a path, as Allow says them; "" if there is no such path.
std::string_view MethodsOf(Kind kind) {
  switch (kind) {
    case Kind::kRegistration:
      return "POST, DELETE";
    case Kind::kRegistrations:
    case Kind::kPass:
      return "GET, HEAD";
    case Kind::kPersonalize:
    case Kind::kLog:
      return "POST";
    case Kind::kMalformed:
    case Kind::kUnknown:
      break;
  }
  return "";
}

Response WrongMethod(Kind kind) {
  const std::string methods(MethodsOf(kind));
  Response response = ProblemResponse(405, "method_not_allowed", "this path knows " + methods);
  response.headers.Add("Allow", methods);
  return response;
}

Response TooMany(std::chrono::seconds wait) {
  Response response{.status = 429, .content_type = "", .body = ""};
  response.headers.Add("Retry-After", std::to_string(wait.count()));
  return response;
}

// Whether a refusal was the client's own doing.
bool IsTheirFault(int status) {
  return status == 400 || status == 401 || status == 404 || status == 405;
}

bool IsGet(const Request& request) { return request.method == "GET" || request.method == "HEAD"; }

}  // namespace

Response AppleService::Handle(const Request& request) {
  const auto wait = failures_.WaitFor(request.client_address);
  Response response = wait > std::chrono::seconds(0) ? TooMany(wait) : Route(request);
  if (IsTheirFault(response.status)) failures_.Take(request.client_address);
  response.headers.Add("Cache-Control", "no-store");
  // No phone reads why; what went wrong here is in the log.
  if (response.status >= 400) response.body.clear();
  if (response.body.empty()) response.content_type.clear();
  return response;
}

Response AppleService::Route(const Request& request) {
  const ApplePath path = ParseApplePath(request.method, request.path());
  if (path.kind == Kind::kLog && request.method == "POST") return Log(request);
  switch (path.kind) {
    case Kind::kRegistration:
      if (request.method == "POST") return Register(request, path);
      if (request.method == "DELETE") return Unregister(request, path);
      return WrongMethod(path.kind);
    case Kind::kRegistrations:
      return IsGet(request) ? List(request, path) : WrongMethod(path.kind);
    case Kind::kPass:
      return IsGet(request) ? Fetch(request, path) : WrongMethod(path.kind);
    case Kind::kLog:
      return WrongMethod(path.kind);
    case Kind::kMalformed:
      return ProblemResponse(400, "malformed_request", "a part of the path is no text or too long");
    case Kind::kPersonalize:
      return personalize_.Handle(request, path);
    case Kind::kUnknown:
      break;
  }
  return ProblemResponse(404, "not_found", "nothing at this path");
}

Response AppleService::Register(const Request& request, const ApplePath& path) {
  const auto claim = ClaimOf(request, path);
  if (!claim) return Refusal(NoToken());
  const auto token = PushTokenIn(request.body);
  if (!token.ok()) return Refusal(token.error());
  const auto is_new =
      issuance::RegisterPhone(context_.store, context_.site, *claim, path.device, token.value());
  if (!is_new.ok()) return Refusal(is_new.error());
  return Empty(is_new.value() ? 201 : 200);
}

Response AppleService::Unregister(const Request& request, const ApplePath& path) {
  const auto claim = ClaimOf(request, path);
  if (!claim) return Refusal(NoToken());
  const Status done = issuance::UnregisterPhone(context_.store, context_.site, *claim, path.device);
  return done.ok() ? Empty(200) : Refusal(done.error());
}

Response AppleService::List(const Request& request, const ApplePath& path) {
  const std::string since = QueryValue(request.query(), "passesUpdatedSince").value_or("");
  auto updated = issuance::ListUpdatedPasses(context_.store, context_.site, path.device,
                                             path.pass_type, since);
  if (!updated.ok()) return Refusal(updated.error());
  const issuance::UpdatedPasses& passes = updated.value();
  if (context_.phones != nullptr && !passes.programme.empty()) {
    context_.phones->Listed(passes.programme, path.device, passes.now);
  }
  if (passes.serials.empty()) return Empty(204);
  Json serials = Json::array();
  for (const SerialNumber& serial : passes.serials) serials.push_back(serial.str());
  return {.status = 200,
          .content_type = "application/json",
          .body = json::Dump({{"serialNumbers", std::move(serials)}, {"lastUpdated", passes.tag}})};
}

void AppleService::NoteFetch(const issuance::PassVersion& pass, int status) {
  if (context_.phones == nullptr) return;
  context_.phones->Fetched(pass.programme, pass.card,
                           {.at = pass.now, .status = status, .revision = pass.revision});
}

Response AppleService::Fetch(const Request& request, const ApplePath& path) {
  const auto claim = ClaimOf(request, path);
  if (!claim) return Refusal(NoToken());
  std::string last_modified;
  std::chrono::seconds wait{0};
  // Only the very date that this version bears is "not modified": the phone echoes it. Later dates
  // are no reason.
  const auto is_changed = [&](const issuance::PassVersion& version) {
    last_modified = FormatHttpDate(version.last_modified);
    if (request.headers.Find("If-Modified-Since") == last_modified) return false;
    wait = bundles_.Take(request.client_address);
    return wait == std::chrono::seconds(0);
  };
  auto found = issuance::FindPass(context_.store, context_.site, *claim, is_changed);
  if (!found.ok()) return Refusal(found.error());
  if (wait > std::chrono::seconds(0)) return TooMany(wait);
  Response response = Empty(304);
  if (found.value().card) {
    auto bundle = context_.maker.Bundle(*found.value().card);
    if (!bundle.ok()) return Refusal(bundle.error());
    response = {.status = 200,
                .content_type = "application/vnd.apple.pkpass",
                .body = std::move(bundle).value()};
  }
  response.headers.Add("Last-Modified", std::move(last_modified));
  // HEAD is no proof that the phone has it.
  if (request.method == "GET") NoteFetch(found.value().version, response.status);
  return response;
}

// The cheapest of all: anybody can send as much of it as they like.
Response AppleService::Log(const Request& request) {
  if (context_.phones == nullptr) return Empty(200);
  const bool refused = request.body.size() > issuance::kLogBytesMax ||
                       logs_.Take(request.client_address) > std::chrono::seconds(0);
  if (refused) {
    context_.phones->CountDropped();
  } else {
    context_.phones->Logged(request.body, context_.clock.Now());
  }
  return Empty(200);
}

}  // namespace passmint::http
