#pragma once

#include <chrono>

#include "base/timestamp.h"

namespace passmint::issuance {

// When that begins or ends which takes effect at once: with this second, for a till writes
// `paid_at` in seconds or milliseconds, and what is paid after it is not to look paid before it.
inline Timestamp AtOnce(Timestamp now) { return std::chrono::floor<std::chrono::seconds>(now); }

}  // namespace passmint::issuance
