#include "ledger/internal/refusals.h"

#include <utility>

namespace passmint::ledger::internal {

Error Conflict(std::string reason, std::string message) {
  return {.code = ErrorCode::kConflict, .message = std::move(message), .reason = std::move(reason)};
}

Error Invalid(std::string reason, std::string message) {
  Error error = InvalidInput(reason, "", std::move(message));
  error.reason = std::move(reason);
  return error;
}

Error Broken(std::string reason, std::string message) {
  return {.code = ErrorCode::kInternal, .message = std::move(message), .reason = std::move(reason)};
}

Error InsufficientPoints(std::int64_t available, std::int64_t needed) {
  return Conflict("insufficient_points", std::to_string(available) + " are available, " +
                                             std::to_string(needed) + " are needed");
}

Error AmountTooLarge(std::string what) {
  return Invalid("amount_too_large", std::move(what) + " would be more than 2^53 - 1");
}

Error LotsNotLoaded(std::string what) {
  return Broken("lots_not_loaded", std::move(what) + " is not among the loaded lots");
}

}  // namespace passmint::ledger::internal
