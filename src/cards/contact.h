#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint::cards {

// Longer text is no phone number: E.164 has 15 digits, spaces and brackets double that.
inline constexpr std::size_t kPhoneTextBytesMax = 64;
// RFC 5321 section 4.5.3.1, with erratum 1690: a path of 256 with its brackets.
inline constexpr std::size_t kEmailBytesMax = 254;
inline constexpr std::size_t kEmailLocalPartBytesMax = 64;

// E.164, "+79210000000". A number without + is read as dialled in `region` (Russian 8 becomes +7).
// Fails with kInvalidArgument (problem "phone", pointer "") if it is not a possible number of any
// country, has letters, or has an extension: an extension would be lost in E.164, and two people of
// one office would become one member. Safe for concurrent calls; texts of the last numbers, about
// 32,000, are kept in memory with what they mean.
Result<std::string> NormalisePhone(std::string_view text, std::string_view region);

// Trimmed, domain in lower case and local part in lower case too: shops that send Anna@X and anna@x
// mean one person. ASCII, at most 254 bytes, one @, no quoted local parts, a domain with a dot (a
// practical subset of RFC 5321). Fails with kInvalidArgument (problem "email", pointer "").
Result<std::string> NormaliseEmail(std::string_view text);

}  // namespace passmint::cards
