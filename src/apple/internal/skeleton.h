#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "design/rendered_card.h"
#include "json/json.h"

namespace passmint::apple::internal {

// A member of pass.json that a card decides.
enum class SlotKind : std::uint8_t {
  kSerialNumber,
  kAuthenticationToken,
  kWebServiceUrl,
  kOrganizationName,
  kDescription,
  kLogoText,
  kExpirationDate,
  kVoided,
  kBarcodes,
  kBarcode,
  kLocations,
  kNfc,
  kSemantics,
  kClassicFields,
  kPosterFields,
};

struct Slot {
  SlotKind kind = SlotKind::kSerialNumber;
  design::FieldGroup group = design::FieldGroup::kHeader;  // With the two kinds of fields.
};

// A value that stands for a slot in the skeleton. It is of a type that no JSON text has, so nothing
// in a template can pass for one, and a native patch that replaces it wins, as RFC 7396 has it.
Json SlotValue(Slot slot);

// The text of a pass.json, cut where a card's values go.
struct Program {
  struct Step {
    std::string text;    // As it is.
    Slot slot;           // Behind it.
    std::string member;  // "key": of the slot.
  };
  std::vector<Step> steps;
  std::string rest;  // Behind the last slot.
};

// Serialises `skeleton`, an object. Within an object, members without slots come first.
Program Compile(const Json& skeleton);

}  // namespace passmint::apple::internal
