#pragma once

#include <chrono>

#include "base/clock.h"

namespace passmint::app {

class SystemClock final : public Clock {
 public:
  Timestamp Now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  }
};

}  // namespace passmint::app
