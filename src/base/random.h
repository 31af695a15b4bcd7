#pragma once

#include <cstddef>
#include <string>

namespace passmint {

// Unpredictable bytes as a port, fit for secrets. crypto/system_random.h is the real one; tests use
// a seeded one. Safe for concurrent calls. Does not fail: without entropy the process ends.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::string Bytes(std::size_t count) = 0;
};

}  // namespace passmint
