#include "http/google_callback.h"

#include <utility>
#include <vector>

#include "google/callback.h"
#include "issuance/google_callbacks.h"

namespace passmint::http {
namespace {

Response Bare(int status, std::string cause = "") {
  Response response{.status = status, .content_type = "", .body = ""};
  response.headers.Add("Cache-Control", "no-store");
  response.cause = std::move(cause);
  return response;
}

Response Refusal(const Error& error) {
  switch (error.code) {
    case ErrorCode::kNotFound:
      return Bare(404);
    case ErrorCode::kUnavailable:
    case ErrorCode::kInternal: {
      Response response = Bare(503, error.message);
      response.headers.Add("Retry-After", "5");
      return response;
    }
    default:
      return Bare(400, error.message);
  }
}

}  // namespace

Response GoogleCallback::Handle(const Request& request) const {
  if (request.method != "POST") {
    Response response = Bare(405);
    response.headers.Add("Allow", "POST");
    return response;
  }
  const ProgrammeId id(std::string(request.path().substr(kGoogleCallbackPath.size())));
  const issuance::ProgrammeSite* const programme = context_.site.Find(id);
  if (programme == nullptr) return Bare(404);
  const Status taken =
      issuance::TakeGoogleCallback(context_.store, *programme, request.body,
                                   context_.google_keys == nullptr ? std::vector<google::RootKey>()
                                                                   : context_.google_keys->Keys(),
                                   context_.clock.Now());
  return taken.ok() ? Bare(200) : Refusal(taken.error());
}

}  // namespace passmint::http
