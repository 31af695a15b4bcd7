#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint::apple {

// Every key that we put into pass.strings starts with this; what follows is a hash of the text in
// all languages, so that a changed text is a changed key and a phone sees the change. A text from
// outside that starts with it gets a key of its own, so that nothing but our keys is ever
// translated.
inline constexpr std::string_view kStringsKeyPrefix = "pm:";

// Appends the line "key" = "value"; in UTF-8, with quotes, backslashes and line ends escaped.
void AppendStringsLine(std::string_view key, std::string_view value, std::string& utf8);

// A whole pass.strings as bytes: UTF-16BE with byte order mark, which all readers take (Apple
// reference 3.4). Lines as AppendStringsLine makes them; bytes that are not UTF-8 become U+FFFD.
std::string EncodeStrings(std::string_view utf8_lines);

// Key -> value of a pass.strings from outside: UTF-16 with or without byte order mark, or UTF-8;
// comments; escapes \" \\ \n \r \t \' \0 and \Uxxxx.
// Fails with kInvalidSyntax ("bad_strings"; the message gives the line); a key given twice keeps
// the last. Linear in the size of `bytes`.
Result<std::map<std::string, std::string>> ParseStrings(std::string_view bytes);

}  // namespace passmint::apple
