#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace passmint::sql::postgresql {

// The text of a statement for a transaction that writes: every "/*lock: ...*/" is what it says.
std::string WithLocks(std::string_view text);

// A script with every "/*postgresql: ... */" taken out of its comment.
std::string ForPostgresql(std::string_view script);

// The name that a statement is prepared under: the same text has the same name on all connections,
// so that behind a pooler that mixes them up a name never stands for another statement.
std::string StatementName(std::string_view text);

}  // namespace passmint::sql::postgresql
