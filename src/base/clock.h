#pragma once

#include "base/timestamp.h"

namespace passmint {

// The time of day as a port: nothing below app/ asks the machine. Safe for concurrent calls. May go
// back when the machine's clock is set.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;
};

}  // namespace passmint
