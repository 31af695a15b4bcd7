#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint::cards {

// E.164, "+79210000000". A number without + is read as dialled in `region` (Russian 8 becomes +7).
// Fails with kInvalidArgument if it is not a possible number of any country.
Result<std::string> NormalisePhone(std::string_view text, std::string_view region);

// Trimmed, domain in lower case and local part in lower case too: shops that send Anna@X and anna@x
// mean one person. At most 254 bytes, one @, no spaces or control characters (a practical subset of
// RFC 5321). Fails with kInvalidArgument.
Result<std::string> NormaliseEmail(std::string_view text);

}  // namespace passmint::cards
