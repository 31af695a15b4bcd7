#include "http/service.h"

#include <chrono>
#include <utility>

#include "http/decode.h"
#include "http/embedded_assets.h"
#include "http/problem.h"
#include "http/template_source.h"

namespace passmint::http {
namespace {

constexpr std::string_view kApi = "/api/";
constexpr std::string_view kStudio = "/studio";

// The family that metrics count a path under.
std::string RouteFamily(std::string_view path) {
  if (path.starts_with(kApi)) return "api";
  if (path.starts_with("/c/")) return path.ends_with("/pass.pkpass") ? "bundle" : "page";
  if (path.starts_with("/p/")) return "page";
  if (path.starts_with("/i/")) return "image";
  if (path.starts_with("/apple/")) return "apple";
  if (path.starts_with("/google/")) return "google";
  if (path == kStudio || path.starts_with("/studio/")) return "studio";
  return "other";
}

Response OnlyGet(const Request& request, Response response) {
  if (request.method == "GET" || request.method == "HEAD") return response;
  Response refusal = ProblemResponse(405, "method_not_allowed", "this path knows GET, HEAD");
  refusal.headers.Add("Allow", "GET, HEAD");
  return refusal;
}

}  // namespace

// Shapes that are known are named; whatever else was asked for may be a secret that was misspelt
// ("//c/...", "/%63/...", "/C/...") and is not repeated.
std::string MaskPath(std::string_view raw_path) {
  const std::string_view path = raw_path.substr(0, raw_path.find('?'));
  if (path.starts_with("/c/")) {
    for (const std::string_view file : {"/pass.pkpass", "/google", "/qr.svg", "/qr.png"}) {
      if (path.ends_with(file)) return "/c/***" + std::string(file);
    }
    return "/c/***";
  }
  for (const std::string_view secret :
       {"/p/", "/studio/phone/", "/apple/v1/devices/", "/apple/v1/passes/", "/google/callback/"}) {
    if (path.starts_with(secret)) return std::string(secret) + "***";
  }
  for (const std::string_view plain :
       {"/api/v1/", "/i/", "/apple/v1/log", "/studio", "/healthz", "/readyz", "/openapi.yaml"}) {
    constexpr std::size_t kShown = 200;
    if (path.starts_with(plain)) return std::string(path.substr(0, kShown));
  }
  return "/***";
}

std::size_t Service::BodyBytesMax(std::string_view method, std::string_view path,
                                  const Headers& headers) const {
  if (path.starts_with(kGoogleCallbackPath)) return google::kCallbackBytesMax;
  // Previews bring no pictures and stay below the usual limit.
  const bool whole = method == "PUT" || (method == "POST" && path.ends_with("/import"));
  const bool draft = whole && path.starts_with("/api/v1/templates/");
  if (path.starts_with(kAppleRoot)) return kAppleBodyBytesMax;
  return draft && api_.KnowsKey(headers, path) ? kSourceBytesMax : kJsonBytesMax;
}

Service::Service(const Context& context, ServiceOptions options)
    : context_(context),
      options_(std::move(options)),
      api_(context_),
      apple_(context_, options_.apple),
      pages_(context_),
      promoters_(context_),
      images_(context_),
      studio_(context_),
      google_callback_(context_) {}

Response Service::Handle(const Request& request) {
  const auto began = std::chrono::steady_clock::now();
  Response response = Route(request);
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began);
  metrics_.CountRequest(RouteFamily(request.path()), response.status, time);
  if (options_.log) {
    options_.log({.method = request.method,
                  .path = MaskPath(request.target),
                  .status = response.status,
                  .bytes = response.body.size(),
                  .time = time,
                  .client_address = request.client_address,
                  .cause = response.cause});
  }
  return response;
}

Response Service::Route(const Request& request) {
  const std::string_view path = request.path();
  if (path.starts_with(kApi)) return api_.Handle(request);
  if (path.starts_with("/c/")) return pages_.Handle(request);
  if (path.starts_with("/p/")) return promoters_.Handle(request);
  if (path.starts_with("/i/")) return images_.Handle(request);
  if (path.starts_with(kGoogleCallbackPath)) return google_callback_.Handle(request);
  if (path == kStudio || path.starts_with("/studio/")) return studio_.Handle(request);
  if (path.starts_with(kAppleRoot)) return apple_.Handle(request);
  if (path == "/healthz") {
    return OnlyGet(request, {.content_type = "application/json", .body = R"({"status":"ok"})"});
  }
  if (path == "/readyz") return OnlyGet(request, Ready());
  if (path == "/openapi.yaml") {
    return OnlyGet(request,
                   {.content_type = "application/yaml", .body = std::string(OpenapiYaml())});
  }
  return ProblemResponse(404, "not_found", "nothing at this path");
}

Response Service::Ready() {
  std::vector<ReadyCheck> checks;
  const Status store = context_.store.Read([](issuance::Transaction& transaction) -> Status {
    auto setting = transaction.FindSetting("master_key_fingerprint");
    return setting.ok() ? Status() : Status(std::move(setting).error());
  });
  checks.push_back({"store", store.ok(), store.ok() ? "" : store.error().message});
  if (options_.checks) {
    for (ReadyCheck& check : options_.checks()) checks.push_back(std::move(check));
  }
  bool all = true;
  Json rows = Json::array();
  for (const ReadyCheck& check : checks) {
    all = all && (check.ok || !check.required);
    rows.push_back({{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
  }
  return {.status = all ? 200 : 503,
          .content_type = "application/json",
          .body = json::Dump({{"status", all ? "ok" : "unavailable"}, {"checks", rows}})};
}

Response Service::HandleMetrics(const Request& request) {
  if (request.path() != "/metrics") {
    return ProblemResponse(404, "not_found", "only /metrics is here");
  }
  return OnlyGet(request, {.content_type = "text/plain; version=0.0.4", .body = metrics_.Render()});
}

}  // namespace passmint::http
