#pragma once

#include <cstddef>
#include <string>

#include "base/random.h"
#include "base/timestamp.h"

namespace passmint::crypto {

// 22 characters of 62 are 130.9 bits; what nobody may guess has at least 120
// (the link token, Apple's serial number, Google's object suffix).
inline constexpr std::size_t kTokenLength = 22;

// `length` characters of [0-9A-Za-z], each equally likely.
std::string MakeToken(Random& random, std::size_t length = kTokenLength);

// A UUID of version 7 (RFC 9562 section 5.7) as 32 lower-case hex digits without hyphens. Ids made
// later sort later: 48 bits of milliseconds, then 12 bits of the fraction of the millisecond
// (section 6.2, method 3), then 62 random bits. Not a secret: who sees it knows when it was made.
// REQUIRES: `now` is not before 1970.
std::string MakeUuidV7(Timestamp now, Random& random);

}  // namespace passmint::crypto
