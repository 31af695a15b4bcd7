#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "sql/sqlite/connection.h"

namespace passmint::sql::sqlite {

// Every so many frames (pages of 4 KiB) the WAL is copied into the database file, beside the writer
// and in small steps: the p99 of a commit is the checkpoint inside it.
inline constexpr int kCheckpointFrames = 750;
// A WAL never starts again from its beginning while someone writes, so it would grow without end:
// at this length (64 MiB) the writer stops for a last checkpoint, some milliseconds after the small
// ones.
inline constexpr int kPauseFrames = 16'000;

// The thread that does so, over a connection of its own.
class Checkpointer {
 public:
  using OpenConnection = std::function<Result<std::unique_ptr<SqliteConnection>>()>;

  // `open` is called from the thread, again whenever a checkpoint fails.
  explicit Checkpointer(OpenConnection open);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // The writer says after each commit how long the WAL is.
  void Committed(int frames);

  // The writer asks before each batch; returns when it may go on. It holds no transaction.
  void AwaitTurn();

  // Ends the thread. Safe to call twice.
  void Stop();

 private:
  void Run();
  void RunOnce(SqliteConnection::Checkpoint kind);
  bool IsDue() const { return frames_ >= next_at_; }

  const OpenConnection open_;
  std::unique_ptr<SqliteConnection> connection_;  // The thread's own.

  std::mutex mutex_;
  std::condition_variable wake_;    // For the thread.
  std::condition_variable resume_;  // For a writer that pauses.
  int frames_ = 0;
  int next_at_ = kCheckpointFrames;
  int pause_at_ = kPauseFrames;
  bool paused_ = false;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace passmint::sql::sqlite
