#pragma once

#include <atomic>
#include <cstdint>
#include <string>

struct sqlite3_vfs;

namespace passmint::testing {

// An SQLite VFS over the real one that fails on demand. One at a time in a process; outlives the
// connections that use it. Safe for concurrent use.
class FailingVfs {
 public:
  FailingVfs();
  ~FailingVfs();
  FailingVfs(const FailingVfs&) = delete;
  FailingVfs& operator=(const FailingVfs&) = delete;

  // For the options of whoever opens.
  std::string name() const { return "failing"; }

  // How many bytes files may still grow together, as on a disk with that much room; then writing
  // says SQLITE_FULL. Below 0: no limit. Writing over what is there already always works.
  std::atomic<std::int64_t> room{-1};

  // The next so many syncs of the WAL, or of the database file, fail.
  std::atomic<int> failing_wal_syncs{0};
  std::atomic<int> failing_database_syncs{0};

  // What happens to the `fail_at`th (1, 2, ...) of the calls that `calls` counts: opening, writing,
  // truncating and syncing any file; with kRead, reading. kIo, kRead: "input/output error"; kFull:
  // "no space left" where room is needed (writing), else as kIo; kShort: half of what was to be
  // written is, then as kFull. With `fail_on` all after it fail, too.
  enum class Fault { kNone, kIo, kFull, kShort, kRead };
  std::atomic<Fault> fault{Fault::kNone};
  std::atomic<std::int64_t> fail_at{0};
  std::atomic<bool> fail_on{false};
  std::atomic<std::int64_t> calls{0};
  // Syncing does nothing, for tests that never lose power and sync often.
  std::atomic<bool> syncs_nothing{false};

  // Those that succeeded.
  std::atomic<int> wal_syncs{0};
  std::atomic<int> database_syncs{0};

 private:
  sqlite3_vfs* registered_;
};

}  // namespace passmint::testing
