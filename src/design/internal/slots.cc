#include "design/internal/slots.h"

#include <algorithm>

namespace passmint::design::internal {

const std::vector<SlotRule>& Slots() {
  // personalizationLogo and venueMap: the reference has an upper bound only, or none.
  static const std::vector<SlotRule> slots = {
      {"artwork", 358, 358, 448},
      {"background", 343, 345, 505},
      {"footer", 1, 286, 15},
      {"google-hero", 1032, 1032, 336, true},
      {"google-logo", 660, 660, 660, true},
      {"icon", 38, 38, 38},
      {"logo", 50, 160, 50},
      {"personalizationLogo", 1, 150, 40},
      {"primaryLogo", 30, 126, 30},
      {"secondaryLogo", 12, 135, 12},
      {"strip", 375, 375, 144},
      {"thumbnail", 60, 90, 90},
      {"venueMap", 1, 1366, 1024},
  };
  return slots;
}

const SlotRule* FindSlot(std::string_view name) {
  for (const SlotRule& slot : Slots()) {
    if (slot.name == name) return &slot;
  }
  return nullptr;
}

std::vector<std::string_view> SlotNames() {
  std::vector<std::string_view> names;
  for (const SlotRule& slot : Slots()) names.push_back(slot.name);
  return names;
}

}  // namespace passmint::design::internal
