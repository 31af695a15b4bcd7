#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>
#include <string>

#include "base/random.h"

namespace passmint::testing {

// The same bytes for the same seed, on every machine: std::mt19937_64 is fixed by the standard.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : engine_(seed) {}

  std::string Bytes(std::size_t count) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::string bytes(count, '\0');
    for (char& byte : bytes) byte = static_cast<char>(engine_() >> 56);
    return bytes;
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace passmint::testing
