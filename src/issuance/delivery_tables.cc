#include "issuance/delivery_tables.h"

#include <algorithm>
#include <array>
#include <utility>

namespace passmint::issuance {
namespace {

constexpr std::array<std::pair<RolloutState, std::string_view>, 4> kStates = {{
    {RolloutState::kRunning, "running"},
    {RolloutState::kPaused, "paused"},
    {RolloutState::kCancelled, "cancelled"},
    {RolloutState::kDone, "done"},
}};

}  // namespace

std::string_view ToText(RolloutState state) {
  return std::find_if(kStates.begin(), kStates.end(),
                      [state](const auto& row) { return row.first == state; })
      ->second;
}

std::optional<RolloutState> RolloutStateFrom(std::string_view text) {
  const auto* const found = std::find_if(kStates.begin(), kStates.end(),
                                         [text](const auto& row) { return row.second == text; });
  if (found == kStates.end()) return std::nullopt;
  return found->first;
}

}  // namespace passmint::issuance
