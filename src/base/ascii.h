#pragma once

#include <string>
#include <string_view>

namespace passmint {

// A to Z become a to z, other bytes stay, whatever the locale: for names of HTTP and MIME headers.
std::string AsciiLower(std::string_view text);

// Without spaces, tabs and line ends at both ends. Points into `text`.
std::string_view AsciiTrimmed(std::string_view text);

}  // namespace passmint
