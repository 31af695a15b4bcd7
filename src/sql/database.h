#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/result.h"
#include "sql/connection.h"

namespace passmint::sql {

// Work inside one transaction. May run more than once, so it touches nothing outside but what it
// overwrites whole. Does not call the database that runs it.
using Work = std::function<Status(Connection&)>;

// One database with its connections. Safe for concurrent calls.
class Database {
 public:
  // Closes as Close does.
  virtual ~Database() = default;

  // Returns once everything that `work` wrote is on stable storage. If `work` fails nothing of it
  // is written and its error is returned. Work sees all acknowledged writes
  // and its own. In SQLite it runs as if alone; in PostgreSQL each statement sees what was
  // committed before it, and only the rows that it locked (sql/connection.h) stand still.
  //
  // PostgreSQL runs it again by itself, some time long, after a deadlock, a connection lost before
  // the commit, or an error of `work` with kUnavailable and reason "lost_race"; in SQLite, where
  // nobody can be first meanwhile, that error is returned.
  //
  // Also fails with kUnavailable and reason
  //   "queue_full"    too many writes wait already; nothing was written,
  //   "stopping"      after Close; nothing was written,
  //   "disk_full", "store_busy"  nothing was written,
  //   "store_io", "store_gone"   it may or may not have been written: run it again with the same
  //                              keys,
  //   "store_timeout"  the transaction took longer than 30 s; nothing was written,
  //   "store_serialization", "lost_race"  others were first again and again; nothing was written.
  virtual Status Write(const Work& work) = 0;

  // Runs `work` on one snapshot that holds every write acknowledged before the call. Writing fails.
  // Fails with kUnavailable, reason "store_busy", if no connection became free for 5 s.
  virtual Status Read(const Work& work) const = 0;

  // The clock of the server's machine now, in microseconds since 1970 (UTC); nothing if the
  // database is in this process. Fails as Read.
  virtual Result<std::optional<std::int64_t>> ServerMicros() const = 0;

  // Finishes what is queued, tidies up, and refuses everything after. Safe to call twice, from one
  // thread.
  virtual void Close() = 0;
};

}  // namespace passmint::sql
