#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace passmint {

// True if `text` is well-formed UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates.
bool IsUtf8(std::string_view text);

// The number of code points. REQUIRES: IsUtf8(text).
std::size_t CodePointCount(std::string_view text);

// The first `count` code points. REQUIRES: IsUtf8(text).
std::string_view FirstCodePoints(std::string_view text, std::size_t count);

// True if `text` has a C0 or C1 control character or DEL. REQUIRES: IsUtf8(text).
bool HasControlCharacter(std::string_view text);

// UTF-16 with the byte order mark FE FF, as pass.strings wants it. REQUIRES: IsUtf8(text).
std::string ToUtf16BeWithBom(std::string_view text);

// The code point at `position`, which moves behind it. REQUIRES: IsUtf8(text), position <
// text.size().
char32_t NextCodePoint(std::string_view text, std::size_t& position);

}  // namespace passmint
