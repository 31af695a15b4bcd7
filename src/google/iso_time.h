#pragma once

#include <optional>
#include <string_view>

#include "base/timestamp.h"

namespace passmint::google {

// A date-time of Google's schema: ISO 8601 extended, with an offset (an instant) or without (the
// wall clock of the phone), down to nanoseconds.
struct IsoTime {
  bool has_offset = false;
  Timestamp instant;  // Without an offset: as if it were UTC, good for comparing with its like.
};

std::optional<IsoTime> ReadIsoTime(std::string_view text);

}  // namespace passmint::google
