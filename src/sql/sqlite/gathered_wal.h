#pragma once

#include <string>

namespace passmint::sql::sqlite {

// The name of an SQLite VFS over the one named `base` (empty: the system's) that gathers the writes
// of a WAL until it is synced, read or measured. SQLite writes each page of a commit by two calls,
// its header and itself; gathered, a commit of a hundred pages is one call of the kernel. Nobody
// can miss what is gathered: with synchronous=FULL a commit is only said in the -shm file, for
// others to read, after its frames are synced (https://sqlite.org/walformat.html); a failed write
// then shows as a failed sync, after which SQLite undoes the transaction likewise. All other files
// are those of `base`.
//
// Safe for concurrent use. `base` itself if the VFS cannot be registered (no memory).
std::string GatheredWalVfs(const std::string& base);

}  // namespace passmint::sql::sqlite
