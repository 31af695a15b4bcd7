#pragma once

#include <optional>
#include <string_view>

#include "base/timestamp.h"
#include "http/decode.h"

namespace passmint::http {

// A field that holds an instant of RFC 3339. Nothing if it is absent, or is none: then that is
// reported as invalid_time.
std::optional<Timestamp> DecodeInstant(ObjectReader& reader, std::string_view name);

}  // namespace passmint::http
