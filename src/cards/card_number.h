#pragma once

#include <string_view>

#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "cards/programme.h"

namespace passmint::cards {

// A random number of that format. Not checked against numbers in use: the store refuses a duplicate
// and the caller draws again.
CardNumber MakeCardNumber(const CardNumberFormat& format, Random& random);

// Digits of the right length, prefix and check digit; spaces and dashes are passed over, as people
// type them. Fails with kInvalidArgument saying which of these is wrong.
Result<CardNumber> ParseCardNumber(std::string_view text, const CardNumberFormat& format);

// Fails with kInvalidArgument: prefix not digits or longer than half the length, length out of
// range, kEan13 with another length than 13.
Status CheckFormat(const CardNumberFormat& format);

}  // namespace passmint::cards
