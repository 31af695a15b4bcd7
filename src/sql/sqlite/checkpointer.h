#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "sql/sqlite/connection.h"

namespace passmint::sql::sqlite {

// Every so many frames (pages of 4 KiB) the WAL is copied into the database file, beside the writer
// and in small steps: the p99 of a commit is the checkpoint inside it. 750 gave a tenth fewer
// accruals per second, for hot pages are copied again; 1,500 a p99 of 5 ms at a paced thousand.
inline constexpr int kCheckpointFrames = 1000;
// A WAL never starts again from its beginning while someone writes, so it would grow without end:
// at this length (64 MiB) the writer stops for a last checkpoint, some milliseconds after the small
// ones.
inline constexpr int kPauseFrames = 16'000;

// A checkpoint that waits for readers does so while the writer waits for it.
inline constexpr std::chrono::milliseconds kCheckpointWaitMax(50);

// The thread that does so, over a connection of its own.
//
// After a failed sync of the database file nobody knows which pages are on the disk: the kernel may
// count lost ones as written, and the next sync succeeds (Rebello et al., "Can Applications Recover
// from fsync Failures?", USENIX ATC 2020). So there is no further checkpoint until the store is
// opened again: all commits stay in the WAL, and opening copies it from its beginning.
//
// A connection that cannot be opened (no file descriptors left, say) has synced nothing: the next
// checkpoint, kCheckpointFrames later, opens it again.
class Checkpointer {
 public:
  using OpenConnection = std::function<Result<std::unique_ptr<SqliteConnection>>()>;

  // `open` is called from the thread, again whenever it or a checkpoint failed. `report` (not
  // empty) is told of failures, from the thread.
  Checkpointer(OpenConnection open, std::function<void(const Error&)> report);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // The writer says after each commit how long the WAL is.
  void Committed(int frames);

  // The writer asks before each batch; returns when it may go on. It holds no transaction.
  void AwaitTurn();

  // Ends the thread. Safe to call twice.
  void Stop();

  // True after a failed sync: the WAL must not be copied any more. Asked after Stop.
  bool IsBroken() const { return broken_; }

 private:
  void Run();
  Status OpenIfNeeded();
  Status RunOnce(SqliteConnection::Checkpoint kind);
  bool IsDue() const { return frames_ >= next_at_ && !broken_; }

  const OpenConnection open_;
  const std::function<void(const Error&)> report_;
  std::unique_ptr<SqliteConnection> connection_;  // The thread's own.

  std::mutex mutex_;
  std::condition_variable wake_;    // For the thread.
  std::condition_variable resume_;  // For a writer that pauses.
  int frames_ = 0;
  int next_at_ = kCheckpointFrames;
  int pause_at_ = kPauseFrames;
  bool paused_ = false;
  bool stopping_ = false;
  bool broken_ = false;

  std::thread thread_;
};

}  // namespace passmint::sql::sqlite
