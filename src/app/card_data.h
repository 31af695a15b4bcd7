#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/currency.h"
#include "base/result.h"
#include "design/rendered_card.h"
#include "design/values.h"

namespace passmint::app {

inline constexpr std::size_t kCardDataBytesMax = 256 * 1024;

// The values of one card out of a data file: a JSON object of variables (design::Variables), nested
// or flat or both, {"member": {"name": "Anna"}, "points.available": 499}. By type of the variable:
//   text     a JSON string
//   integer  a JSON integer
//   money    a JSON integer, minor units of `currency`, as everywhere in the API
//   instant  a string, RFC 3339 with offset
//   date     a string, YYYY-MM-DD
// null is the same as leaving it out.
// Fails with kInvalidSyntax if it is no JSON, with kInvalidArgument and a problem per wrong member:
// unknown (with the nearest known name), given twice, or of another type.
Result<design::Values> ParseCardData(std::string_view json_text, const Currency& currency);

// A sample member by name. Fails with kInvalidArgument.
Result<design::Values> FindSample(std::string_view name, const Currency& currency);

// What "card.status" of the values means for the wallets; unset is active.
design::CardState StateOf(const design::Values& values);

}  // namespace passmint::app
