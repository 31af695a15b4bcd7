#include "bench/ledger/raw.h"

#include <cstdio>
#include <cstdlib>

namespace passmint::bench {

void Must(int code, sqlite3* database) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  std::fprintf(stderr, "bench_ledger: error: SQLite: %s\n", sqlite3_errmsg(database));
  std::_Exit(1);
}

sqlite3* Open(const std::string& file) {
  sqlite3* database = nullptr;
  Must(sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                       nullptr),
       database);
  Must(sqlite3_exec(database,
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
                    "PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;"
                    "PRAGMA trusted_schema=OFF; PRAGMA cache_size=-16384; PRAGMA busy_timeout=5000",
                    nullptr, nullptr, nullptr),
       database);
  return database;
}

}  // namespace passmint::bench
