#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

// How the ledger says no. Reasons are those of apply.h.

namespace passmint::ledger::internal {

// Right command, wrong state.
Error Conflict(std::string reason, std::string message);

// Wrong command: one problem without pointer, for the caller knows where.
Error Invalid(std::string reason, std::string message);

// What the caller promised does not hold: a lot that is not loaded, a record that does not add up.
Error Broken(std::string reason, std::string message);

Error InsufficientPoints(std::int64_t available, std::int64_t needed);
Error AmountTooLarge(std::string what);
Error LotsNotLoaded(std::string what);

}  // namespace passmint::ledger::internal
