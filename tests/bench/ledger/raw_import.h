#pragma once

#include <string>

namespace passmint::bench {

// Members a second that bare SQLite, tuned as the product's driver is, takes into `file`: the rows
// of an imported member (identity, card, number, account, journal entry, the id that makes it
// known) in transactions of `batch`, decided and checked by nobody. REQUIRES: `file` is a store of
// the product.
double RawImportRate(const std::string& file, int members, int batch);

}  // namespace passmint::bench
