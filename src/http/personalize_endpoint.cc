#include "http/personalize_endpoint.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/decode.h"
#include "http/problem.h"
#include "issuance/personalize.h"
#include "json/json.h"

namespace passmint::http {
namespace {

// Longer ones are no names, addresses or codes; issuance says more exactly what is.
constexpr TextBounds kFact{0, 256};

// The status says it all.
Response Bare(int status) { return {.status = status, .content_type = "", .body = ""}; }

Response Later(int status, std::chrono::seconds wait) {
  Response response = Bare(status);
  response.headers.Add("Retry-After", std::to_string(wait.count()));
  return response;
}

Response Failure(const Error& error) {
  constexpr std::chrono::seconds kRetryAfter{5};
  const int status = StatusFor(error.code);
  Response response = status == 503 ? Later(status, kRetryAfter) : Bare(status);
  if (status >= 500) response.cause = error.message;
  return response;
}

// A field that was left empty was not filled in.
std::optional<std::string> Fact(ObjectReader& reader, std::string_view name) {
  auto text = reader.Text(name, kFact);
  if (!text || text->empty()) return std::nullopt;
  return text;
}

// Names are Apple's: PersonalizationDictionary.
Result<issuance::PersonalizeRequest> DecodeBody(const std::string& body) {
  const auto json = json::Parse(body, kPersonalizeBytesMax);
  if (!json.ok()) return json.error();
  std::vector<InputProblem> problems;
  issuance::PersonalizeRequest request;
  ObjectReader reader(json.value(), "", problems);
  request.personalization_token =
      reader.RequiredText("personalizationToken", {1, issuance::kPersonalizationTokenBytesMax});
  if (const Json* info = reader.Object("requiredPersonalizationInfo")) {
    ObjectReader facts(*info, reader.PointerTo("requiredPersonalizationInfo"), problems);
    request.info = {.full_name = Fact(facts, "fullName"),
                    .given_name = Fact(facts, "givenName"),
                    .family_name = Fact(facts, "familyName"),
                    .email_address = Fact(facts, "emailAddress"),
                    .phone_number = Fact(facts, "phoneNumber"),
                    .postal_code = Fact(facts, "postalCode"),
                    .country_code = Fact(facts, "ISOCountryCode")};
  }
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return request;
}

// Nothing if there is none; one of another scheme matches no pass.
std::optional<std::string> ApplePassToken(const Request& request) {
  constexpr std::string_view kScheme = "ApplePass ";
  if (!request.headers.Has("Authorization")) return std::nullopt;
  const std::string_view value = request.headers.Find("Authorization");
  return std::string(value.starts_with(kScheme) ? value.substr(kScheme.size()) : "");
}

}  // namespace

PersonalizeEndpoint::PersonalizeEndpoint(const Context& context, const PersonalizeLimits& limits)
    : context_(context),
      requests_(limits.requests, context.clock),
      unknown_passes_(limits.unknown_passes, context.clock) {}

Response PersonalizeEndpoint::Handle(const Request& request, const ApplePath& path) {
  const auto wait = std::max(requests_.Take(request.client_address),
                             unknown_passes_.WaitFor(request.client_address));
  if (wait > std::chrono::seconds(0)) return Later(429, wait);
  if (request.body.size() > kPersonalizeBytesMax) return Bare(413);
  Response response = Answer(request, path);
  if (response.status == 401) unknown_passes_.Take(request.client_address);
  return response;
}

Response PersonalizeEndpoint::Answer(const Request& request, const ApplePath& path) {
  auto decoded = DecodeBody(request.body);
  if (!decoded.ok()) return Failure(decoded.error());
  issuance::PersonalizeRequest& sign_up = decoded.value();
  sign_up.pass_type = path.pass_type;
  sign_up.serial = path.serial;
  sign_up.authentication_token = ApplePassToken(request);
  auto signature =
      issuance::Personalize(context_.store, context_.site, context_.maker, context_.clock, sign_up);
  if (!signature.ok()) return Failure(signature.error());
  return {.status = 200,
          .content_type = "application/octet-stream",
          .body = std::move(signature).value()};
}

}  // namespace passmint::http
