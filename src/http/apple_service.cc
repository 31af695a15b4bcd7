#include "http/apple_service.h"

#include "http/problem.h"

namespace passmint::http {

Response AppleService::Handle(const Request& request) {
  Response response = Route(request);
  response.headers.Add("Cache-Control", "no-store");
  return response;
}

Response AppleService::Route(const Request& request) {
  const ApplePath path = ParseApplePath(request.method, request.path());
  switch (path.kind) {
    case ApplePath::Kind::kMalformed:
      return ProblemResponse(400, "malformed_request", "a part of the path is no text or too long");
    case ApplePath::Kind::kPersonalize:
      return personalize_.Handle(request, path);
    case ApplePath::Kind::kRegistration:
    case ApplePath::Kind::kRegistrations:
    case ApplePath::Kind::kPass:
    case ApplePath::Kind::kLog:
    case ApplePath::Kind::kUnknown:
      break;
  }
  return ProblemResponse(404, "not_found", "nothing at this path");
}

}  // namespace passmint::http
