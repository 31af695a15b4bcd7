#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "crypto/jws.h"
#include "google/vertical.h"
#include "json/json.h"

namespace passmint::google {

// "The safe length of an encoded JWT is 1800 characters": longer links may be cut by browsers.
// https://developers.google.com/wallet/generic/web
inline constexpr std::size_t kJwtLengthMax = 1800;

// How far `iat` is set back, because Google refuses a token from its future (INVALID_EXP_IAT).
inline constexpr std::chrono::seconds kIatSkew{60};

// Who signs, and for whom: the same for every link of a programme.
struct SaveClaims {
  std::string service_account_email;  // ServiceAccount::client_email.
  std::vector<std::string> origins;   // Environment::origins.
  // The member's language ("ru", "ru-RU"), for a link that has room for one only. None of the
  // template's, or "": the template's first.
  std::string language = {};
};

// How much of an object a link carries. Updates over REST bring what was left out.
enum class LinkForm {
  kWhole,
  kOneLanguage,  // Texts in SaveClaims::language alone, pictures without descriptions.
  kTextsOnly,    // Besides, without heroImage and imageModulesData.
};
inline constexpr std::array<LinkForm, 3> kLinkForms = {LinkForm::kWhole, LinkForm::kOneLanguage,
                                                       LinkForm::kTextsOnly};

// `object` as a link of that form carries it. No form leaves out a text that the card shows.
Json InForm(Json object, LinkForm form, const std::string& language);

// A "Save to Google Wallet" token that carries the object, in the first LinkForm that fits; its
// class must exist already. The object is made when the customer saves it; an object that exists is
// left as it is. Fails with kTooLarge and reason "google_link_too_long" if no form fits (lint rule
// G18 has said so before a template is published), with kInternal if OpenSSL does. Safe for
// concurrent calls.
Result<std::string> SaveJwt(const crypto::Rs256Signer& signer, const SaveClaims& claims,
                            Vertical vertical, const Json& object, Timestamp now);

// The same for an object that was inserted before: the token names it by id alone, so it is short
// and says nothing about the customer.
// REQUIRES: ids by MakeClassId and MakeObjectId. Fails and is safe as SaveJwt.
Result<std::string> SaveJwtById(const crypto::Rs256Signer& signer, const SaveClaims& claims,
                                Vertical vertical, const ClassId& class_id,
                                const ObjectId& object_id, Timestamp now);

// The claims that SaveJwt signs, as JSON text.
std::string SaveClaimsJson(const SaveClaims& claims, Vertical vertical, const Json& object,
                           Timestamp now);

// The length of an RS256 token without kid for `claims_bytes` of claims under a key of `key_bits`.
std::size_t SaveJwtLength(std::size_t claims_bytes, std::size_t key_bits = 2048);

// `save_url` is google.save_url of the settings: "https://pay.google.com/gp/v/save/".
std::string SaveUrl(std::string_view save_url, std::string_view jwt);

}  // namespace passmint::google
