#pragma once

#include <compare>
#include <cstdint>

#include "base/result.h"

namespace passmint {

// A count of the asset's smallest unit; negative in an entry that spends.
class Points {
 public:
  // The largest integer that every JSON reader keeps exact: 2^53 - 1 (RFC 7493, section 2.2).
  static constexpr std::int64_t kMax = 9'007'199'254'740'991;

  constexpr Points() = default;

  // Fails with kInvalidArgument beyond kMax in either direction.
  static Result<Points> Make(std::int64_t count) {
    if (count < -kMax || count > kMax) {
      return Error{.code = ErrorCode::kInvalidArgument, .message = "points out of range"};
    }
    return Points(count);
  }

  constexpr std::int64_t count() const { return count_; }

  // Cannot overflow before the check: both counts are below 2^53.
  Result<Points> Plus(Points other) const { return Make(count_ + other.count_); }

  friend constexpr auto operator<=>(Points, Points) = default;

 private:
  constexpr explicit Points(std::int64_t count) : count_(count) {}

  std::int64_t count_ = 0;
};

}  // namespace passmint
