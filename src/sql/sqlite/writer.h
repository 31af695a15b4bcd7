#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "sql/database.h"
#include "sql/sqlite/connection.h"

namespace passmint::sql::sqlite {

// More waiting writes than threads that serve requests is a jam; each waits in a thread of its own.
inline constexpr std::size_t kQueueMax = 1024;
// So many writes share one commit. Beyond some hundred the commit is no longer what they wait for.
inline constexpr std::size_t kBatchMax = 256;
// "write transactions give up at 30 s" (contract/api.md section 4).
inline constexpr std::chrono::seconds kTransactionMax(30);

// So long after its begin a batch takes on what has queued meanwhile; then those who wait for it
// get their commit.
inline constexpr std::chrono::milliseconds kJoinWithin(5);

// Group commit: one thread owns the only connection that writes. A batch is what queued during the
// last commit and while the batch ran, so a client alone waits for nobody, and many share one sync
// of the disk.
//
// A batch runs without savepoints first, as most work decides before it writes (savepoints cost
// about 10 %). If some work fails after it has written, the batch is rolled back and run again with
// a savepoint each, so that its neighbours do not notice. Every answer, refusals too, waits for the
// COMMIT: what it was based on may be a neighbour's write.
class Writer {
 public:
  using OpenConnection = std::function<Result<std::unique_ptr<SqliteConnection>>()>;

  // `open` is called from the thread, again after an error that may have damaged the connection.
  // `await_turn` is called before each batch, outside a transaction. A batch that took longer than
  // `transaction_max` is rolled back.
  Writer(OpenConnection open, std::function<void()> await_turn,
         std::chrono::milliseconds transaction_max = kTransactionMax);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // As Database::Write. Safe for concurrent calls.
  Status Write(const Work& work);

  // Runs what is queued, refuses what comes after, ends the thread. Safe to call twice.
  void Stop();

 private:
  struct Job;
  using Batch = std::vector<Job*>;

  void Run();
  Batch TakeBatch();
  // Puts what is queued behind `batch`, as far as there is room. Needs the lock of mutex_.
  void MoveQueued(Batch& batch);
  // The same without waiting for anything, while the batch is young.
  void Join(Batch& batch);
  void RunBatch(Batch& batch);
  // Takes on what queues meanwhile. Returns false if the batch has to be run by the next.
  bool RunPlain(Batch& batch);
  void RunWithSavepoints(const Batch& batch);
  Status RunUnderSavepoint(Job& job);
  Status Begin();
  void Commit(const Batch& batch);
  void FailAll(const Batch& batch, const Error& error);
  void DropIfDoubtful(const Error& error);

  const OpenConnection open_;
  const std::function<void()> await_turn_;
  const std::chrono::milliseconds transaction_max_;
  std::unique_ptr<SqliteConnection> connection_;  // The thread's own; null: open it again.
  std::chrono::steady_clock::time_point began_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job*> queue_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace passmint::sql::sqlite
