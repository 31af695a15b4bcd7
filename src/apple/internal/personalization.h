#pragma once

#include <string>
#include <string_view>

#include "apple/internal/blocks.h"
#include "design/template.h"
#include "json/json.h"

namespace passmint::apple::internal {

// personalization.json, Wallet's sign-up form (Apple reference 2.13):
//   description                    what signing up gives; looked up in pass.strings
//   requiredPersonalizationFields  at least one of PKPassPersonalizationFieldName, ...PostalCode,
//                                  ...EmailAddress, ...PhoneNumber
//   termsAndConditions             optional; looked up in pass.strings; may have links

// Whether the template has a sign-up form.
bool HasPersonalization(const design::Template& source);

// The form of one card; "" if its description is empty, without which Wallet takes none. What
// differs by language goes to `texts.strings`. REQUIRES: HasPersonalization.
std::string WritePersonalization(const BlockTexts& texts);

// Whether Wallet shows the form of a pass with this pass.json: it does so for NFC passes with a web
// service that are not voided.
bool AllowsPersonalization(const Json& pass);

// Whether `name` is one of the four of requiredPersonalizationFields.
bool IsPersonalizationField(std::string_view name);

// The picture on the form. Wallet ignores it without personalization.json.
inline constexpr std::string_view kPersonalizationLogo = "personalizationLogo";

}  // namespace passmint::apple::internal
