#include "http/problem.h"

#include "json/json.h"

namespace passmint::http {
namespace {

constexpr const char* kRetryAfterSeconds = "2";

std::string_view Title(int status) {
  switch (status) {
    case 400:
      return "The request cannot be read";
    case 401:
      return "No or wrong API key";
    case 403:
      return "The key's roles do not allow this";
    case 404:
      return "Nothing here";
    case 405:
      return "Another method is needed";
    case 409:
      return "Not possible in the present state";
    case 410:
      return "Gone";
    case 412:
      return "Changed by somebody else";
    case 413:
      return "Too large";
    case 415:
      return "Another media type is needed";
    case 422:
      return "The input is wrong";
    case 429:
      return "Too many requests";
    case 503:
      return "Try again later";
    default:
      return "Internal error";
  }
}

// urn:passmint:<this> where the Error names no reason of its own.
std::string_view DefaultReason(int status) {
  switch (status) {
    case 400:
      return "malformed_request";
    case 401:
      return "unauthenticated";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 405:
      return "method_not_allowed";
    case 409:
      return "conflict";
    case 410:
      return "gone";
    case 412:
      return "stale_version";
    case 413:
      return "payload_too_large";
    case 415:
      return "unsupported_media_type";
    case 422:
      return "invalid_input";
    case 429:
      return "too_many_requests";
    case 503:
      return "unavailable";
    default:
      return "internal";
  }
}

Response Make(int status, std::string_view reason, std::string_view detail, Json errors) {
  Json body = {{"type", "urn:passmint:" + std::string(reason)},
               {"title", Title(status)},
               {"status", status},
               {"detail", detail}};
  if (!errors.empty()) body["errors"] = std::move(errors);
  Response response{
      .status = status, .content_type = "application/problem+json", .body = json::Dump(body)};
  if (status == 429 || status == 503) response.headers.Add("Retry-After", kRetryAfterSeconds);
  if (status == 401) response.headers.Add("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

int StatusFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidSyntax:
      return 400;
    case ErrorCode::kUnauthenticated:
      return 401;
    case ErrorCode::kPermissionDenied:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
      return 409;
    case ErrorCode::kGone:
      return 410;
    case ErrorCode::kPreconditionFailed:
      return 412;
    case ErrorCode::kTooLarge:
      return 413;
    case ErrorCode::kUnsupported:
      return 415;
    case ErrorCode::kInvalidArgument:
      return 422;
    case ErrorCode::kTooManyRequests:
      return 429;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kInternal:
      return 500;
  }
  return 500;  // Not reached: -Wswitch makes a missing case an error.
}

Response ProblemResponse(const Error& error) {
  const int status = StatusFor(error.code);
  if (status == 500) {
    Response response = Make(500, "internal", "internal error", Json::array());
    response.cause = error.message;
    return response;
  }
  std::string detail = error.message;
  if (!error.hint.empty()) detail += "; " + error.hint;
  Json errors = Json::array();
  for (const InputProblem& problem : error.problems) {
    errors.push_back(
        {{"code", problem.code}, {"pointer", problem.pointer}, {"detail", problem.detail}});
  }
  Response response = Make(status, error.reason.empty() ? DefaultReason(status) : error.reason,
                           detail, std::move(errors));
  if (status == 503) response.cause = error.message;
  return response;
}

Response ProblemResponse(int status, std::string_view reason, std::string_view detail) {
  return Make(status, reason, detail, Json::array());
}

}  // namespace passmint::http
