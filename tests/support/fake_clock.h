#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace passmint::testing {

// A clock that stands still until a test moves it. Starts on 2026-11-21T10:00:00Z.
class FakeClock final : public Clock {
 public:
  static constexpr std::int64_t kStart = 1'795'255'200'000'000;

  FakeClock() = default;
  explicit FakeClock(Timestamp start) : micros_(ToMicros(start)) {}

  Timestamp Now() const override { return FromMicros(micros_.load()); }

  void Set(Timestamp now) { micros_.store(ToMicros(now)); }
  void Advance(std::chrono::microseconds step) { micros_.fetch_add(step.count()); }

 private:
  std::atomic<std::int64_t> micros_{kStart};
};

}  // namespace passmint::testing
