#pragma once

#include <string_view>
#include <vector>

namespace passmint::design::internal {

// One slot of the Apple reference 3.1, or of Google's pictures (Google reference 1.12).
struct SlotRule {
  std::string_view name;
  int width_min;  // Points: pixels at @1x. For Google's slots pixels.
  int width_max;
  int height;
  bool google = false;
};

// All of them, sorted by name.
const std::vector<SlotRule>& Slots();
const SlotRule* FindSlot(std::string_view name);
std::vector<std::string_view> SlotNames();

}  // namespace passmint::design::internal
