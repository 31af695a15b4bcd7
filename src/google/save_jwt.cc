#include "google/save_jwt.h"

#include <fmt/format.h>

#include <utility>

namespace passmint::google {
namespace {

// {"alg":"RS256","typ":"JWT"} in base64url.
constexpr std::size_t kHeaderLength = 36;

constexpr std::size_t Base64UrlLength(std::size_t bytes) { return (bytes * 4 + 2) / 3; }

void AppendString(std::string& out, std::string_view text) { out += json::Dump(Json(text)); }

// Keys in the order in which json::Dump sorts them. The object comes last but one, so that it is
// appended as it was dumped and never copied into another JSON value.
std::string ClaimsAround(const SaveClaims& claims, Vertical vertical, std::string_view object,
                         Timestamp now) {
  std::string text;
  text.reserve(object.size() + 320);
  text += R"({"aud":"google","iat":)";
  text += std::to_string(ToUnixSeconds(now - kIatSkew));
  text += R"(,"iss":)";
  AppendString(text, claims.service_account_email);
  if (!claims.origins.empty()) {
    text += R"(,"origins":[)";
    for (std::size_t i = 0; i < claims.origins.size(); ++i) {
      if (i > 0) text += ',';
      AppendString(text, claims.origins[i]);
    }
    text += ']';
  }
  text += R"(,"payload":{")";
  text += ObjectsKey(vertical);
  text += R"(":[)";
  text += object;
  text += R"(]},"typ":"savetowallet"})";
  return text;
}

Result<std::string> SignWithin(const crypto::Rs256Signer& signer, std::string_view claims) {
  const std::size_t length = signer.SignedLength(claims.size());
  if (length > kJwtLengthMax) {
    return Error{.code = ErrorCode::kTooLarge,
                 .message = fmt::format("the Google link would have {} characters of {} allowed",
                                        length, kJwtLengthMax),
                 .reason = "google_link_too_long",
                 .hint =
                     "shorten the texts that lint rule G18 lists, or insert the object first "
                     "and link to it by id"};
  }
  return signer.Sign(claims);
}

}  // namespace

std::string SaveClaimsJson(const SaveClaims& claims, Vertical vertical, const Json& object,
                           Timestamp now) {
  return ClaimsAround(claims, vertical, json::Dump(object), now);
}

Result<std::string> SaveJwt(const crypto::Rs256Signer& signer, const SaveClaims& claims,
                            Vertical vertical, const Json& object, Timestamp now) {
  return SignWithin(signer, SaveClaimsJson(claims, vertical, object, now));
}

Result<std::string> SaveJwtById(const crypto::Rs256Signer& signer, const SaveClaims& claims,
                                Vertical vertical, const ClassId& class_id,
                                const ObjectId& object_id, Timestamp now) {
  // The alphabet of ids needs no escapes.
  std::string object = R"({"classId":")";
  object += class_id.str();
  object += R"(","id":")";
  object += object_id.str();
  object += R"("})";
  return SignWithin(signer, ClaimsAround(claims, vertical, object, now));
}

std::size_t SaveJwtLength(std::size_t claims_bytes, std::size_t key_bits) {
  return kHeaderLength + 1 + Base64UrlLength(claims_bytes) + 1 + Base64UrlLength(key_bits / 8);
}

std::string SaveUrl(std::string_view save_url, std::string_view jwt) {
  std::string url;
  url.reserve(save_url.size() + 1 + jwt.size());
  url += save_url;
  if (url.empty() || url.back() != '/') url += '/';
  url += jwt;
  return url;
}

}  // namespace passmint::google
