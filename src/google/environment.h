#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace passmint::google {

// What a site fixes for Google and a template does not know. Same for all cards of a programme.
struct Environment {
  IssuerId issuer;             // google.issuer_id of the settings.
  std::string image_base_url;  // "https://cards.example.com/i/", with the slash at its end.
  std::string callback_url;    // "https://.../google/callback/{programme}"; "": no callbacks.
  // Sites that may embed Google's JavaScript button. Plain links need none, and each costs room in
  // the link (reference 2.1), so leave it empty unless a site embeds the button.
  std::vector<std::string> origins;
  // ServiceAccount::client_email and the class of the cards. Both are part of a link that carries
  // an object, so lint needs them for its exact length. Empty: lint allows for kAssumedEmailLength
  // and kAssumedClassIdLength characters.
  std::string service_account_email = {};
  ClassId class_id = {};
};

// "<issuer>.<suffix>". Google documents no limit for the whole; 64 is what its one documented id
// (eventId) may have.
inline constexpr std::size_t kIdLengthMax = 64;

// What lint allows for where it does not know better: an account and a project of 17 characters
// each, and the ids of a programme and a template of 12 characters each.
inline constexpr std::size_t kAssumedEmailLength = 60;
inline constexpr std::size_t kAssumedClassIdLength = 45;

// Decimal digits that are a positive int64.
bool IsIssuerId(std::string_view text);

// One or more of A-Z a-z 0-9 . _ -
bool IsIdSuffix(std::string_view text);

// REQUIRES: IsIssuerId(issuer.str()), IsIdSuffix(suffix).
ClassId MakeClassId(const IssuerId& issuer, std::string_view suffix);
ObjectId MakeObjectId(const IssuerId& issuer, std::string_view suffix);

}  // namespace passmint::google
