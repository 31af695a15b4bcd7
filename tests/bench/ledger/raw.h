#pragma once

#include <sqlite3.h>

#include <string>

namespace passmint::bench {

// Bare SQLite, as the figures beside ours use it.

// Ends the bench with SQLite's message unless `code` is a success.
void Must(int code, sqlite3* database);

// A database tuned as the product's writer is. The caller closes it.
sqlite3* Open(const std::string& file);

}  // namespace passmint::bench
