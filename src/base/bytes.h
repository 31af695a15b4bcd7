#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint {

// Lower-case hexadecimal, two digits a byte.
std::string ToHex(std::string_view bytes);

// Either case. Fails with kInvalidArgument on an odd length or another character.
Result<std::string> FromHex(std::string_view hex);

// RFC 4648 section 4, with padding.
std::string ToBase64(std::string_view bytes);

// RFC 4648 section 5, without padding, as JWS wants it (RFC 7515 section 2).
std::string ToBase64Url(std::string_view bytes);

// Strict: the alphabet of section 4, padding required. Fails with kInvalidArgument.
Result<std::string> FromBase64(std::string_view text);

// Strict: the alphabet of section 5, padding refused. Fails with kInvalidArgument.
Result<std::string> FromBase64Url(std::string_view text);

}  // namespace passmint
