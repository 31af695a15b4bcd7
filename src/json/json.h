#pragma once

// nlohmann::json behind limits. Every JSON text from outside is read by Parse and every one of ours
// is written by Dump: the library alone overflows the stack on deep nesting, turns integers above
// 2^64 into doubles in silence, keeps the last of two equal keys, and throws on bad UTF-8.

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint {

// Objects are sorted by key, so equal values have equal bytes.
using Json = nlohmann::json;

namespace json {

// Deeper nesting is refused while parsing. No format of ours or of the wallets' is deeper than 12.
inline constexpr int kDepthMax = 64;

// Reads one JSON text (RFC 8259) of at most `bytes_max` bytes. Never throws.
// Fails with kTooLarge over the limit; with kInvalidSyntax on bad UTF-8, a byte order mark, broken
// syntax, nesting beyond kDepthMax, a key that stands twice in one object, or an integer that does
// not fit 64 bits; the message gives the byte offset.
Result<Json> Parse(std::string_view text, std::size_t bytes_max);

// Compact, UTF-8, sorted keys. A string that is not UTF-8 has its bad bytes replaced by U+FFFD.
std::string Dump(const Json& value);

// Two spaces of indent, for files that people read. Ends with a line feed.
std::string DumpPretty(const Json& value);

// RFC 7396: members of `patch` replace, null removes, objects merge, arrays are replaced whole.
void MergePatch(Json& target, const Json& patch);

// `pointer` + "/" + `key`, with ~ and / escaped (RFC 6901).
std::string Child(std::string_view pointer, std::string_view key);
std::string Child(std::string_view pointer, std::size_t index);

}  // namespace json
}  // namespace passmint

// Instantiated once, in json.cc: this is most of what the header costs a build.
extern template class nlohmann::basic_json<>;
