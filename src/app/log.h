#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace passmint::app {

enum class LogLevel { kInfo, kWarning, kError };

// One event of the running service as one line on standard error:
//   2026-11-21T10:00:00.123Z info server.listening address=127.0.0.1:8080
// Event names stay the same from version to version; values with spaces, quotes or control
// characters are quoted as JSON strings. Ids may be logged; tokens, keys, names and balances not.
// Safe for concurrent calls.
void LogEvent(LogLevel level, std::string_view event,
              std::initializer_list<std::pair<std::string_view, std::string>> fields = {});

// "key=value key2=\"a b\"". For LogEvent and its test.
std::string FormatFields(std::initializer_list<std::pair<std::string_view, std::string>> fields);

}  // namespace passmint::app
