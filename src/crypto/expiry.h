#pragma once

#include <array>
#include <optional>

#include "base/timestamp.h"

namespace passmint::crypto {

// When to warn before a certificate ends, in days left, most urgent last. Renewing at Apple takes a
// person minutes, but the right person has to be found.
inline constexpr std::array<int, 5> kExpiryWarningDays = {60, 30, 14, 7, 1};

// Whole days from `now` until `not_after`, rounded down: 0 on the last day, negative once over.
int DaysLeft(Timestamp not_after, Timestamp now);

// The smallest of kExpiryWarningDays that is not below `days_left`: 45 days give 60, 1 and fewer
// (also negative) give 1. Nothing above 60: no warning yet. A change of the answer is the moment to
// warn again.
std::optional<int> ExpiryWarning(int days_left);

}  // namespace passmint::crypto
