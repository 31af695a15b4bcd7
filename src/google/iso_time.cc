#include "google/iso_time.h"

#include <string>

namespace passmint::google {

std::optional<IsoTime> ReadIsoTime(std::string_view text) {
  const auto with_offset = ParseRfc3339(text);
  if (with_offset.ok()) return IsoTime{.has_offset = true, .instant = with_offset.value()};
  const auto local = ParseRfc3339(std::string(text) + "Z");
  if (local.ok()) return IsoTime{.has_offset = false, .instant = local.value()};
  return std::nullopt;
}

}  // namespace passmint::google
