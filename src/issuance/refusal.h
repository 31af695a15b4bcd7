#pragma once

#include "base/error.h"

namespace passmint::issuance {

// Whether `error` is an answer: the same request would be refused the same way as long as nothing
// else happens. All other errors are troubles of the store or of ourselves.
inline bool IsRefusal(const Error& error) {
  return error.code == ErrorCode::kConflict || error.code == ErrorCode::kInvalidArgument ||
         error.code == ErrorCode::kNotFound || error.code == ErrorCode::kGone;
}

}  // namespace passmint::issuance
