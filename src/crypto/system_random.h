#pragma once

#include <cstddef>
#include <string>

#include "base/random.h"

namespace passmint::crypto {

// OpenSSL's generator, seeded by the kernel. Safe for concurrent calls; each thread keeps up to 512
// bytes drawn ahead, so a process that forks must replace itself (exec) before it draws: the child
// would repeat them. Without entropy the process ends.
class SystemRandom final : public Random {
 public:
  std::string Bytes(std::size_t count) override;
};

}  // namespace passmint::crypto
