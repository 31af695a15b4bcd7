#include "issuance/replay_tables.h"

#include <array>
#include <utility>

namespace passmint::issuance {
namespace {

constexpr std::array<std::pair<ReplayStatus, std::string_view>, 5> kTexts = {{
    {ReplayStatus::kWaiting, "waiting"},
    {ReplayStatus::kRunning, "running"},
    {ReplayStatus::kDone, "done"},
    {ReplayStatus::kFailed, "failed"},
    {ReplayStatus::kCancelled, "cancelled"},
}};

}  // namespace

std::string_view ToText(ReplayStatus status) {
  for (const auto& [value, text] : kTexts) {
    if (value == status) return text;
  }
  return "";
}

std::optional<ReplayStatus> ReplayStatusFrom(std::string_view text) {
  for (const auto& [value, name] : kTexts) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace passmint::issuance
