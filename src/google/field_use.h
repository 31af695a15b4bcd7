#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "google/vertical.h"

namespace passmint::google {

// What "google" of a field of template.json may say: where its value goes in Google's object or
// class. README.md has the table with the target of each.
enum class FieldUse {
  kNone,     // "none": not shown by Google.
  kDetails,  // "details": a text module below the card.
  kRow1,     // "row:1" to "row:3": a text module, placed in that row on the card's front.
  kRow2,
  kRow3,
  // The others have the name of Google's field.
  kLoyaltyPoints,
  kSecondaryLoyaltyPoints,
  kAccountName,
  kAccountId,
  kBalance,
  kCardNumber,
  kPin,
  kEventNumber,
  kCardTitle,
  kHeader,
  kSubheader,
  kTicketHolderName,
  kTicketNumber,
  kTicketType,
  kFaceValue,
  kConfirmationCode,
  kSection,
  kSeatRow,  // "row".
  kSeat,
  kGate,
  kSmartTap,  // "smartTapRedemptionValue".
};

// The use that `name` spells, whatever the vertical. Nothing if it is not of the list.
std::optional<FieldUse> ParseFieldUse(std::string_view name);

// "loyaltyPoints", "row:1", ... as in template.json.
std::string_view Name(FieldUse use);

// Whether `vertical` has a place for it.
bool Allows(Vertical vertical, FieldUse use);

// All names that `vertical` allows, for messages.
std::vector<std::string_view> AllowedNames(Vertical vertical);

// 1, 2 or 3 for the rows on the front, 0 for the others.
std::size_t RowOf(FieldUse use);

}  // namespace passmint::google
