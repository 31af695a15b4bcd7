#pragma once

#include "base/strong_string.h"

namespace passmint {

// Apple's names: https://developer.apple.com/documentation/walletpasses
using PassTypeIdentifier = StrongString<struct PassTypeIdentifierTag>;
using TeamIdentifier = StrongString<struct TeamIdentifierTag>;
using SerialNumber = StrongString<struct SerialNumberTag>;
using DeviceLibraryIdentifier = StrongString<struct DeviceLibraryIdentifierTag>;
using PushToken = StrongString<struct PushTokenTag>;

// Google's names: https://developers.google.com/wallet/reference/rest/v1
using IssuerId = StrongString<struct IssuerIdTag>;  // Decimal digits.
using ClassId = StrongString<struct ClassIdTag>;    // "<issuer id>.<suffix>".
using ObjectId = StrongString<struct ObjectIdTag>;  // "<issuer id>.<suffix>".

// Ours.
using ProgrammeId =
    StrongString<struct ProgrammeIdTag>;            // From the settings, as in [[programme]] id.
using MemberId = StrongString<struct MemberIdTag>;  // "m_" and 32 hex digits of a UUIDv7.
using CardNumber = StrongString<struct CardNumberTag>;  // Digits with a check digit, as printed.
using AccountId = StrongString<struct AccountIdTag>;    // Ledger: "a_" and 32 hex digits.
using HoldId = StrongString<struct HoldIdTag>;          // Ledger: "h_" and 32 hex digits.
using LinkToken =
    StrongString<struct LinkTokenTag>;  // [0-9A-Za-z], 22: the secret of a card's page.
using TemplateName =
    StrongString<struct TemplateNameTag>;         // The folder's name: [a-z0-9-], 1 to 64.
using OrderId = StrongString<struct OrderIdTag>;  // The shop's, 1 to 128 printable characters.
using OrderSource =
    StrongString<struct OrderSourceTag>;  // Where the shop's order ids come from: "web".
using ApiKeyName = StrongString<struct ApiKeyNameTag>;
using IdempotencyKey = StrongString<struct IdempotencyKeyTag>;

}  // namespace passmint
