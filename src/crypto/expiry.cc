#include "crypto/expiry.h"

#include <chrono>

namespace passmint::crypto {

int DaysLeft(Timestamp not_after, Timestamp now) {
  return static_cast<int>(std::chrono::floor<std::chrono::days>(not_after - now).count());
}

std::optional<int> ExpiryWarning(int days_left) {
  std::optional<int> warning;
  for (const int threshold : kExpiryWarningDays) {
    if (days_left <= threshold) warning = threshold;
  }
  return warning;
}

}  // namespace passmint::crypto
