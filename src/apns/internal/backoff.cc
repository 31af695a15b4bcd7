#include "apns/internal/backoff.h"

#include <algorithm>
#include <string>
#include <utility>

namespace passmint::apns::internal {

std::chrono::milliseconds Jittered(std::chrono::milliseconds delay, Random& random) {
  const std::string byte = random.Bytes(1);
  constexpr int kSteps = 256;
  const auto half = delay / 2;
  return delay - half + half * static_cast<unsigned char>(byte[0]) / (kSteps - 1);
}

std::chrono::milliseconds Backoff::Next(Random& random) {
  const auto delay = std::exchange(next_, std::min(next_ * 2, last_));
  return Jittered(delay, random);
}

}  // namespace passmint::apns::internal
