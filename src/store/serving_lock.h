#pragma once

#include <string>

#include "base/result.h"

namespace passmint::store {

// Held by the one process that serves an SQLite store: two would keep idempotent requests, caches
// and deliveries apart from each other. The kernel drops it when the process ends, however that
// happens.
class ServingLock {
 public:
  // Locks FILE.lock beside the store, which stays there. Fails with kUnavailable, reason
  // "store_served", if another process has it; "store_read_only", "store_io".
  static Result<ServingLock> Take(const std::string& store_path);

  ServingLock(ServingLock&& other) noexcept;
  ServingLock& operator=(ServingLock&& other) noexcept;
  ServingLock(const ServingLock&) = delete;
  ServingLock& operator=(const ServingLock&) = delete;
  ~ServingLock();

 private:
  explicit ServingLock(int file) : file_(file) {}

  int file_;
};

}  // namespace passmint::store
