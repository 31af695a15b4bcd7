#pragma once

#include <cstdint>

#include "base/ids.h"
#include "base/points.h"
#include "base/strong_string.h"

// The ledger is pure: no clock, no randomness, no I/O, no floating point. Amounts are int64 counts
// of the asset's smallest unit, at most kAmountMax each and in sum; products are computed in 128
// bits.

namespace passmint::ledger {

// An account (AccountId) is the unit of consistency: what one member, printed card, gift card or
// organisation owns, with a journal of its own.

// What is counted: "points"; "stamps:<rule id>"; "money:<ISO 4217 code>" for gift cards.
using AssetId = StrongString<struct AssetIdTag>;

// 2^53 - 1, so that a JSON number survives JavaScript. Also the bound of every balance.
inline constexpr std::int64_t kAmountMax = Points::kMax;

inline constexpr const char* kPointsAsset = "points";

}  // namespace passmint::ledger
