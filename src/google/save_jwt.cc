#include "google/save_jwt.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/language.h"

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

Error TooLong(std::size_t length) {
  return {.code = ErrorCode::kTooLarge,
          .message = fmt::format("the Google link would have {} characters of {} allowed", length,
                                 kJwtLengthMax),
          .reason = "google_link_too_long",
          .hint =
              "shorten the texts that lint rule G18 lists, or insert the object first and link "
              "to it by id"};
}

bool IsLocalized(const Json& value) {
  return value.is_object() && value.contains("defaultValue") && value["defaultValue"].is_object();
}

// The translation of a LocalizedString that suits `language` best, as its new default.
Json OnlyIn(const Json& localized, const std::string& language) {
  std::vector<const Json*> offered = {&localized["defaultValue"]};
  const auto translations = localized.find("translatedValues");
  if (translations != localized.end() && translations->is_array()) {
    for (const Json& translation : *translations) offered.push_back(&translation);
  }
  std::vector<std::string> languages;
  for (const Json* translation : offered) {
    const bool named = translation->is_object() && translation->contains("language") &&
                       (*translation)["language"].is_string();
    languages.push_back(named ? (*translation)["language"].get<std::string>() : "");
  }
  const std::string& chosen = ChooseLanguage(languages, language);
  for (std::size_t i = 0; i < offered.size(); ++i) {
    if (languages[i] == chosen) return {{"defaultValue", *offered[i]}};
  }
  return {{"defaultValue", localized["defaultValue"]}};
}

// "localizedLabel" -> "label"; "" for another key.
std::string PlainTwin(std::string_view key) {
  constexpr std::string_view kPrefix = "localized";
  if (key.size() <= kPrefix.size() || key.substr(0, kPrefix.size()) != kPrefix) return "";
  std::string plain(key.substr(kPrefix.size()));
  plain[0] = static_cast<char>(plain[0] - 'A' + 'a');
  return plain;
}

// Depth is that of template.json and of Google's schema.
void KeepOneLanguage(Json& value, const std::string& language) {
  if (value.is_array()) {
    for (Json& element : value) KeepOneLanguage(element, language);
    return;
  }
  if (!value.is_object()) return;
  value.erase("contentDescription");
  for (auto member = value.begin(); member != value.end();) {
    if (!IsLocalized(*member)) {
      KeepOneLanguage(*member, language);
      ++member;
      continue;
    }
    *member = OnlyIn(*member, language);
    const std::string plain = PlainTwin(member.key());
    const Json& only = (*member)["defaultValue"];
    if (plain.empty() || !value.contains(plain) || !only.contains("value")) {
      ++member;
      continue;
    }
    value[plain] = only["value"];
    member = value.erase(member);
  }
}

}  // namespace

std::string SaveClaimsJson(const SaveClaims& claims, Vertical vertical, const Json& object,
                           Timestamp now) {
  return ClaimsAround(claims, vertical, json::Dump(object), now);
}

Json InForm(Json object, LinkForm form, const std::string& language) {
  if (form == LinkForm::kWhole) return object;
  KeepOneLanguage(object, language);
  if (form == LinkForm::kTextsOnly) {
    object.erase("heroImage");
    object.erase("imageModulesData");
  }
  return object;
}

Result<std::string> SaveJwt(const crypto::Rs256Signer& signer, const SaveClaims& claims,
                            Vertical vertical, const Json& object, Timestamp now) {
  // Mostly the first form fits, and then nothing is copied.
  std::string text = SaveClaimsJson(claims, vertical, object, now);
  for (const LinkForm form : {LinkForm::kOneLanguage, LinkForm::kTextsOnly}) {
    if (signer.SignedLength(text.size()) <= kJwtLengthMax) break;
    text = SaveClaimsJson(claims, vertical, InForm(object, form, claims.language), now);
  }
  const std::size_t length = signer.SignedLength(text.size());
  if (length > kJwtLengthMax) return TooLong(length);
  return signer.Sign(text);
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
  const std::string text = ClaimsAround(claims, vertical, object, now);
  const std::size_t length = signer.SignedLength(text.size());
  if (length > kJwtLengthMax) return TooLong(length);
  return signer.Sign(text);
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
