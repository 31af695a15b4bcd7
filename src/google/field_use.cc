#include "google/field_use.h"

#include <array>
#include <cstdint>

namespace passmint::google {
namespace {

// One bit per vertical.
using Verticals = std::uint8_t;

constexpr Verticals Bit(Vertical vertical) {
  return static_cast<Verticals>(1U << static_cast<unsigned>(vertical));
}

constexpr Verticals kLoyaltyOnly = Bit(Vertical::kLoyalty);
constexpr Verticals kGiftOnly = Bit(Vertical::kGiftCard);
constexpr Verticals kEventOnly = Bit(Vertical::kEventTicket);
constexpr Verticals kGenericOnly = Bit(Vertical::kGeneric);
constexpr Verticals kAll = 0x1F;

struct Row {
  FieldUse use;
  std::string_view name;
  Verticals verticals;
};

// In the order of FieldUse. Verticals by the field matrix of the reference, 1.7.
constexpr auto kRows = std::to_array<Row>({
    {FieldUse::kNone, "none", kAll},
    {FieldUse::kDetails, "details", kAll},
    {FieldUse::kRow1, "row:1", kAll},
    {FieldUse::kRow2, "row:2", kAll},
    {FieldUse::kRow3, "row:3", kAll},
    {FieldUse::kLoyaltyPoints, "loyaltyPoints", kLoyaltyOnly},
    {FieldUse::kSecondaryLoyaltyPoints, "secondaryLoyaltyPoints", kLoyaltyOnly},
    {FieldUse::kAccountName, "accountName", kLoyaltyOnly},
    {FieldUse::kAccountId, "accountId", kLoyaltyOnly},
    {FieldUse::kBalance, "balance", kGiftOnly},
    {FieldUse::kCardNumber, "cardNumber", kGiftOnly},
    {FieldUse::kPin, "pin", kGiftOnly},
    {FieldUse::kEventNumber, "eventNumber", kGiftOnly},
    {FieldUse::kCardTitle, "cardTitle", kGenericOnly},
    {FieldUse::kHeader, "header", kGenericOnly},
    {FieldUse::kSubheader, "subheader", kGenericOnly},
    {FieldUse::kTicketHolderName, "ticketHolderName", kEventOnly},
    {FieldUse::kTicketNumber, "ticketNumber", kEventOnly},
    {FieldUse::kTicketType, "ticketType", kEventOnly},
    {FieldUse::kFaceValue, "faceValue", kEventOnly},
    {FieldUse::kConfirmationCode, "confirmationCode", kEventOnly},
    {FieldUse::kSection, "section", kEventOnly},
    {FieldUse::kSeatRow, "row", kEventOnly},
    {FieldUse::kSeat, "seat", kEventOnly},
    {FieldUse::kGate, "gate", kEventOnly},
    {FieldUse::kSmartTap, "smartTapRedemptionValue", kAll},
});

}  // namespace

std::optional<FieldUse> ParseFieldUse(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.use;
  }
  return std::nullopt;
}

std::string_view Name(FieldUse use) { return kRows[static_cast<std::size_t>(use)].name; }

bool Allows(Vertical vertical, FieldUse use) {
  return (kRows[static_cast<std::size_t>(use)].verticals & Bit(vertical)) != 0;
}

std::vector<std::string_view> AllowedNames(Vertical vertical) {
  std::vector<std::string_view> names;
  for (const Row& row : kRows) {
    if (Allows(vertical, row.use)) names.push_back(row.name);
  }
  return names;
}

std::size_t RowOf(FieldUse use) {
  if (use == FieldUse::kRow1) return 1;
  if (use == FieldUse::kRow2) return 2;
  return use == FieldUse::kRow3 ? 3 : 0;
}

}  // namespace passmint::google
