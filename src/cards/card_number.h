#pragma once

#include <cstddef>
#include <string_view>

#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "cards/programme.h"

namespace passmint::cards {

// A random number of that format. REQUIRES: CheckFormat(format).ok(). Not checked against numbers
// in use: the store refuses a duplicate and the caller draws again.
CardNumber MakeCardNumber(const CardNumberFormat& format, Random& random);

// What people type is at most this long; the longest number grouped by single digits is 37.
inline constexpr std::size_t kCardNumberTextBytesMax = 64;

// Digits of the right length, prefix and check digit; spaces and dashes are passed over, as people
// type them. Fails with kInvalidArgument saying which of these is wrong, as one problem with the
// code "card_number_characters", "_length", "_prefix" or "_check_digit" and the pointer "".
Result<CardNumber> ParseCardNumber(std::string_view text, const CardNumberFormat& format);

// Fails with kInvalidArgument: prefix not digits or longer than half the length, length out of
// range, kEan13 with another length than 13. An empty prefix is allowed.
Status CheckFormat(const CardNumberFormat& format);

}  // namespace passmint::cards
