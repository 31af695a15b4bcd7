#pragma once

#include <chrono>

#include "base/random.h"

namespace passmint::apns::internal {

// A random 0.5 to 1 of `delay`, so that many who were cut off at once do not come back at once.
std::chrono::milliseconds Jittered(std::chrono::milliseconds delay, Random& random);

// Delays that double from `first` to `last`, jittered.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds last)
      : first_(first), last_(last), next_(first) {}

  std::chrono::milliseconds Next(Random& random);
  void Reset() { next_ = first_; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds last_;
  std::chrono::milliseconds next_;
};

}  // namespace passmint::apns::internal
