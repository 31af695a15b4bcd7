#include "design/internal/slots.h"

#include <algorithm>

namespace passmint::design::internal {

const std::vector<SlotRule>& Slots() {
  static const std::vector<SlotRule> slots = {
      {"artwork", {358, 448}, 358, {}},
      {"background", {343, 503}, 343, {{345, 505}, {180, 220}}},
      {"footer", {286, 15}, 1, {}},
      {"google-hero", {1032, 336}, 1032, {}, true},
      {"google-logo", {660, 660}, 660, {}, true},
      {"icon", {38, 38}, 38, {{29, 29}}},
      {"logo", {160, 50}, 50, {}},
      {"personalizationLogo", {150, 40}, 1, {}},
      {"primaryLogo", {126, 30}, 30, {}},
      {"secondaryLogo", {135, 12}, 12, {}},
      {"strip", {375, 144}, 375, {{375, 123}, {375, 98}}},
      {"thumbnail", {90, 90}, 60, {}},
      {"venueMap", {1365, 1365}, 1, {}},  // The reference knows no size.
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

bool IsSlotOf(const SlotRule& slot, const Template& source) {
  const std::string_view name = slot.name;
  const Kind kind = source.kind;
  if (slot.google) return kind != Kind::kBoarding;
  if (name == "icon" || name == "logo") return true;
  if (name == "personalizationLogo") return source.personalization.is_object();
  const bool semantic = source.boarding.is_object() && source.boarding.value("semantic", false);
  const bool poster = source.poster.is_object();
  if (name == "primaryLogo") return poster || semantic;
  if (name == "artwork") return poster;
  if (name == "secondaryLogo" || name == "venueMap") return poster && kind == Kind::kTicket;
  if (name == "footer") return kind == Kind::kBoarding;
  if (name == "thumbnail") return kind == Kind::kMembership || kind == Kind::kTicket;
  if (name == "background") return kind == Kind::kTicket;
  // strip
  return kind == Kind::kLoyalty || kind == Kind::kGift || kind == Kind::kCoupon ||
         kind == Kind::kTicket;
}

}  // namespace passmint::design::internal
