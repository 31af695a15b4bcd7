#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "issuance/current_card.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// What a customer typed into Wallet's sign-up form (personalization.json), by Apple's names:
// https://developer.apple.com/documentation/walletpasses/personalizationdictionary
// Nothing: not asked for, or left empty.
struct PersonalizationInfo {
  std::optional<std::string> full_name;
  std::optional<std::string> given_name;
  std::optional<std::string> family_name;
  std::optional<std::string> email_address;
  std::optional<std::string> phone_number;
  std::optional<std::string> postal_code;
  std::optional<std::string> country_code;  // ISO 3166; only where the phone could tell.
};

struct PersonalizeRequest {
  PassTypeIdentifier pass_type;
  SerialNumber serial;
  // Of "Authorization: ApplePass <token>". Apple documents none for this call; one that is there
  // has to be right.
  std::optional<std::string> authentication_token;
  std::string personalization_token;
  PersonalizationInfo info;
};

inline constexpr std::size_t kPersonalizationTokenBytesMax = 4096;
inline constexpr std::size_t kPostalCodeCharactersMax = 32;

// Whether we sign it. What we sign we sign with the certificate of our passes, and the signature of
// a pass is the same kind of signature over its manifest: whoever could have any text signed could
// make passes in our name. A manifest is a JSON object, and in every encoding of JSON that has the
// byte '{'. So a token is what an opaque token looks like in all known encodings (base64,
// base64url, hex, UUID, JWT): 1 to kPersonalizationTokenBytesMax visible ASCII characters other
// than " < > \ { }.
bool IsSignableToken(std::string_view token);

// A customer signs up from the pass of a card that is nobody's yet (printed stock): a member is
// made, the card becomes theirs, with its next revision, and Wallet gets what it waits for: the
// detached CMS signature of the token by the pass certificate, DER.
//
// Whose card is it? The serial is a secret that only this pass holds, so whoever shows it has the
// card. What they type about themselves nobody has verified. Therefore
//   - a sign-up never joins a member who is there already, not even one with that phone or e-mail:
//     else a blank card and somebody's phone number would be enough to see their name and spend
//     their points. A phone or e-mail that belongs to another member stays with that member, and
//     the new one is known by the card (and by what was free). The answer is the same, so that the
//     call does not tell who is a member. Who turns out to be the same person is merged by the shop
//     (POST /members/{id}/merge), which can look them in the face;
//   - a phone or e-mail that nobody had is attached unverified, as with a first order;
//   - only the first to sign up gets the card. The same form again, with this token or a new one,
//     is signed again and changes nothing, for as long as answers are kept (kAnswerKept); another
//     form is refused.
// Postal code and country become the member's attributes postal_code and country_code. A phone
// without + is read as dialled in that country, else in the programme's region.
//
// Fails with
//   kUnauthenticated  no such card, a card of another pass type, or a wrong authentication token,
//   kInvalidArgument  a token that is not signable; facts that no member may have; neither phone
//                     nor e-mail ("no_identity"),
//   kConflict         "card_assigned" (another form, or no form made it so), "card_blocked",
//                     "card_closed", "not_personalizable" (the card's pass has no sign-up form),
//   kUnavailable      as Store::Write, and if the certificate is not valid now; nothing was
//   changed.
Result<std::string> Personalize(Store& store, const Site& site, CardMaker& maker,
                                const Clock& clock, const PersonalizeRequest& request);

}  // namespace passmint::issuance
