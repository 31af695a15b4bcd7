#pragma once

#include <string>

namespace passmint::bench {

// pgbench's transactions per second on a database of `cluster_url`, with `clients` clients for
// `seconds`. `script` is a file, or "" for pgbench's own TPC-B. Ends the program with a message if
// pgbench fails.
double Pgbench(const std::string& database_url, const std::string& script, int clients,
               int seconds);

// The accrual of bench/ledger/shop.h as a pgbench script: the same rows in the tables that the
// store has made, a round trip a statement. `members` accounts and cards are added.
std::string AccrualScript(const std::string& database_url, const std::string& folder, int members);

// Makes pgbench's own tables.
void InitializeTpcB(const std::string& database_url, int scale);

}  // namespace passmint::bench
