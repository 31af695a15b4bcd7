#include "http/studio.h"

#include <utility>

#include "design/values.h"
#include "http/decode.h"
#include "http/embedded_studio.h"
#include "http/problem.h"
#include "http/studio_cookie.h"
#include "http/studio_endpoints.h"
#include "issuance/api_keys.h"
#include "issuance/studio_session.h"

namespace passmint::http {
namespace {

constexpr TextBounds kKey{1, 128};
// Typing mistakes, not guessing: a key has 190 bits.
constexpr ClientRate kWrongKeys{.burst = 10, .interval = std::chrono::seconds(6)};

// Everything from here alone; pictures also as blobs, which the script makes of what it fetched.
constexpr char kPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

// `body` is compiled in, so its bytes change with the program only: asked again every time, sent
// again only then is not worth an ETag.
Response File(std::string_view type, std::string_view body) {
  Response response{.status = 200, .content_type = std::string(type), .body = std::string(body)};
  response.headers.Add("Content-Security-Policy", kPolicy);
  response.headers.Add("X-Content-Type-Options", "nosniff");
  response.headers.Add("Referrer-Policy", "no-referrer");
  response.headers.Add("Cache-Control", "no-cache");
  return response;
}

Response Refuse(Response response) {
  response.headers.Add("Cache-Control", "no-store");
  return response;
}

Response NotAllowed(const char* methods) {
  Response response =
      ProblemResponse(405, "method_not_allowed", std::string("this path knows ") + methods);
  response.headers.Add("Allow", methods);
  return response;
}

Json SessionJson(const issuance::ApiKey& key, const issuance::ProgrammeSite& programme) {
  Json roles = Json::array();
  for (const issuance::Role role : key.roles) roles.push_back(issuance::Name(role));
  Json variables = Json::array();
  for (const design::Variable& variable : design::Variables()) {
    variables.push_back({{"name", variable.name}, {"meaning", variable.meaning}});
  }
  return {{"name", key.name.str()},
          {"roles", std::move(roles)},
          {"variables", std::move(variables)},
          {"programme",
           {{"id", programme.programme.id.str()},
            {"name", programme.programme.name},
            {"languages", programme.programme.languages},
            {"approval", issuance::Name(programme.approval)}}}};
}

Response Answer(const Context& context, const issuance::ApiKey& key) {
  const issuance::ProgrammeSite* programme = context.site.Find(key.programme);
  if (programme == nullptr) {
    return Refuse(ProblemResponse({.code = ErrorCode::kUnauthenticated,
                                   .message = "the key's programme is not in the settings"}));
  }
  Response response{.status = 200,
                    .content_type = "application/json",
                    .body = json::Dump(SessionJson(key, *programme))};
  response.headers.Add("Cache-Control", "no-store");
  return response;
}

}  // namespace

Studio::Studio(const Context& context)
    : context_(context), wrong_keys_(kWrongKeys, context.clock) {}

Response Studio::Handle(const Request& request) const {
  const std::string_view path = request.path();
  if (path == "/studio/session") return Session(request);
  if (request.method != "GET" && request.method != "HEAD") return NotAllowed("GET, HEAD");
  if (path.starts_with(kDraftPassRoot)) return DraftPass(context_, path);
  if (path == "/studio") return File("text/html; charset=utf-8", StudioHtml());
  if (path == "/studio/studio.js") return File("text/javascript; charset=utf-8", StudioJs());
  if (path == "/studio/studio.css") return File("text/css; charset=utf-8", StudioCss());
  return ProblemResponse(404, "not_found", "nothing at this path");
}

Response Studio::Session(const Request& request) const {
  if (request.method == "POST") return SignIn(request);
  if (request.method == "DELETE") {
    Response response{.status = 204, .content_type = {}, .body = {}};
    response.headers.Add("Set-Cookie", EndedSessionCookie(context_.site.public_url));
    return response;
  }
  if (request.method != "GET") return NotAllowed("GET, POST, DELETE");
  issuance::ApiKey key;
  const Status read = context_.store.Read([&](issuance::Transaction& transaction) -> Status {
    auto found = issuance::ResumeStudioSession(
        transaction, context_.site, StudioSession(request.headers), context_.clock.Now());
    if (!found.ok()) return std::move(found).error();
    key = std::move(found).value();
    return {};
  });
  return read.ok() ? Answer(context_, key) : Refuse(ProblemResponse(read.error()));
}

Response Studio::SignIn(const Request& request) const {
  if (const auto wait = wrong_keys_.WaitFor(request.client_address); wait.count() > 0) {
    return Refuse(ProblemResponse(
        {.code = ErrorCode::kTooManyRequests, .message = "too many wrong keys: wait a minute"}));
  }
  auto body = ParseBody(request.body, request.headers.Find("Content-Type"));
  if (!body.ok()) return Refuse(ProblemResponse(body.error()));
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  const std::string presented = reader.RequiredText("key", kKey);
  reader.Finish();
  if (const Status fine = Verdict(std::move(problems)); !fine.ok()) {
    return Refuse(ProblemResponse(fine.error()));
  }
  issuance::ApiKey key;
  const Status read = context_.store.Read([&](issuance::Transaction& transaction) -> Status {
    auto found = issuance::Authenticate(transaction, presented);
    if (!found.ok()) return std::move(found).error();
    key = std::move(found).value();
    return {};
  });
  if (!read.ok()) {
    if (read.error().code == ErrorCode::kUnauthenticated) wrong_keys_.Take(request.client_address);
    return Refuse(ProblemResponse(read.error()));
  }
  const auto session = issuance::OpenStudioSession(context_.site, key, context_.clock.Now());
  if (!session.ok()) return Refuse(ProblemResponse(session.error()));
  Response response = Answer(context_, key);
  if (response.status == 200) {
    response.headers.Add("Set-Cookie", SessionCookie(session.value(), context_.site.public_url));
  }
  return response;
}

}  // namespace passmint::http
