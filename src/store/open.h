#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "issuance/store.h"

namespace passmint::store {

enum class Use {
  kServe,  // The service itself: one process at a time; brings the schema up to date.
  kTool,   // A command beside it, such as `passmint key create`. Brings the schema up to date only
           // if nobody serves the store.
};

struct OpenOptions {
  Use use = Use::kServe;
  // PostgreSQL: at most so many connections; 0: sql::postgresql::kConnectionsDefault.
  std::size_t connections = 0;
  // The name of an SQLite VFS; empty is the system's.
  // Tests fail on demand through it.
  std::string vfs = {};
  // Told of trouble that no caller sees: a checkpoint that failed. From a thread of the store's;
  // may be empty.
  std::function<void(const Error&)> report = {};
  // Told what this process wants delivered; may be null.
  std::shared_ptr<issuance::DeliveryListener> deliveries = nullptr;
};

// "postgresql://..." or "postgres://...".
bool IsPostgresqlUrl(std::string_view url);

// Opens the store that `url` names, or makes it: "sqlite:FILE", where a relative FILE is relative
// to the working directory, or "postgresql://USER@HOST/DATABASE" with whatever libpq understands
// behind it; the database has to be there, its tables are made. `clock` outlives the store.
// Destroying the store finishes the writes that wait and copies SQLite's WAL into the file.
//
// Any number of processes serve one PostgreSQL store; one serves an SQLite store.
//
// Fails with
//   kInvalidArgument  unknown scheme, no file name; a URL is never repeated whole, it may hold a
//                     password,
//   kUnavailable      "store_newer" (written by a newer version), "store_older" (a tool would have
//   to
//                     migrate under a running service), "disk_full", "store_busy", "store_io",
//                     "store_read_only" (no right to write there),
//       SQLite        "store_missing_directory", "store_served" (another process serves it),
//       PostgreSQL    "store_unreachable", "store_starting", "store_auth" (wrong user or password),
//                     "store_no_database", "store_no_schema", "store_too_old", "store_encoding",
//                     "store_unsafe" (synchronous_commit or fsync is off), "store_gone",
//   kInternal         "store_corrupt" (not a database, or damaged), "store_foreign" (another
//                     program's database).
Result<std::unique_ptr<issuance::Store>> Open(std::string_view url, const Clock& clock,
                                              const OpenOptions& options = {});

// What stands at `url`, for people, without writing anything there. REQUIRES: IsPostgresqlUrl(url).
// Fails as Open and issuance::Store::Ready.
Result<std::string> Inspect(std::string_view url, const Clock& clock);

}  // namespace passmint::store
