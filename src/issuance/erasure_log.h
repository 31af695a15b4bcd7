#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::issuance {

// Who was erased, remembered outside the store: a backup made before would bring them back, so
// whoever restores one erases them again.
class ErasureLog {
 public:
  virtual ~ErasureLog() = default;

  // Durable when it returns. Recording someone twice, or someone who in the end was not erased,
  // does no harm. Fails with kUnavailable. Safe for concurrent calls.
  virtual Status Record(const ProgrammeId&, const MemberId&, Timestamp at) = 0;
};

}  // namespace passmint::issuance
