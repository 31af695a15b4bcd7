#pragma once

#include <string_view>
#include <vector>

#include "design/template.h"
#include "image/bitmap.h"

namespace passmint::design::internal {

// One slot of the Apple reference 3.1, or one of Google's pictures (Google reference 1.12).
struct SlotRule {
  std::string_view name;
  // At @1x, in points; Google's in pixels. Where the width may vary, the largest.
  image::Size size;
  int width_min;
  // Other sizes that Apple's pages have named: the archived guide's, and 2 points more or less.
  std::vector<image::Size> also;
  bool google = false;
};

// All of them, sorted by name.
const std::vector<SlotRule>& Slots();
const SlotRule* FindSlot(std::string_view name);
std::vector<std::string_view> SlotNames();

// Whether Wallet draws that slot on cards of that kind (Apple reference 3.2).
bool IsSlotOf(const SlotRule& slot, const Template& source);

}  // namespace passmint::design::internal
