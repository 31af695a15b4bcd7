#include "sql/sqlite/writer.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "sql/error.h"

namespace passmint::sql::sqlite {

// A write that waits; lives on its caller's stack until `done`.
struct Writer::Job {
  const Work* work;
  Status outcome;

  std::mutex mutex;
  std::condition_variable answered;
  bool done = false;
};

namespace {

// Nothing that a caller hands over may end the thread that all others wait for.
Status RunWork(const Work& work, SqliteConnection& connection) {
  (void)connection.TakeFailure();
  Status outcome;
  try {
    outcome = work(connection);
  } catch (const std::exception& thrown) {
    outcome = Error{.message = std::string("work in a transaction threw: ") + thrown.what()};
  } catch (...) {
    outcome = Error{.message = "work in a transaction threw something that is no exception"};
  }
  // A failed statement fails the work, even if it was swallowed.
  const auto failure = connection.TakeFailure();
  if (failure.has_value() && outcome.ok()) outcome = *failure;
  return outcome;
}

bool IsDoubtful(const Error& error) {
  const auto kind = KindOf(error);
  return kind == ErrorKind::kIo || kind == ErrorKind::kGone || kind == ErrorKind::kCorrupt;
}

}  // namespace

Writer::Writer(OpenConnection open, std::function<void()> await_turn,
               std::chrono::milliseconds transaction_max)
    : open_(std::move(open)),
      await_turn_(std::move(await_turn)),
      transaction_max_(transaction_max) {
  thread_ = std::thread([this] { Run(); });
}

Writer::~Writer() { Stop(); }

Status Writer::Write(const Work& work) {
  if (std::this_thread::get_id() == thread_.get_id()) {
    return Error{.message = "a write was started inside a write"};
  }
  Job job;
  job.work = &work;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping_) {
      return Error{.code = ErrorCode::kUnavailable,
                   .message = "the store is stopping",
                   .reason = "stopping"};
    }
    if (queue_.size() >= kQueueMax) {
      return Error{.code = ErrorCode::kUnavailable,
                   .message = "too many writes are waiting",
                   .reason = "queue_full"};
    }
    queue_.push_back(&job);
    wake_.notify_one();
  }
  std::unique_lock<std::mutex> lock(job.mutex);
  job.answered.wait(lock, [&job] { return job.done; });
  return std::move(job.outcome);
}

void Writer::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

Writer::Batch Writer::TakeBatch() {
  std::unique_lock<std::mutex> lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  Batch batch;
  MoveQueued(batch);
  return batch;
}

void Writer::MoveQueued(Batch& batch) {
  const std::size_t count = std::min(queue_.size(), kBatchMax - batch.size());
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
  batch.insert(batch.end(), queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
}

void Writer::Join(Batch& batch) {
  if (std::chrono::steady_clock::now() - began_ > kJoinWithin) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  MoveQueued(batch);
}

void Writer::Run() {
  while (true) {
    Batch batch = TakeBatch();
    if (batch.empty()) break;  // Stopping, and nothing is left.
    await_turn_();
    RunBatch(batch);
    for (Job* job : batch) {
      // Told under the lock: a caller that has seen `done` destroys the job.
      const std::lock_guard<std::mutex> lock(job->mutex);
      job->done = true;
      job->answered.notify_one();
    }
  }
  connection_.reset();
}

void Writer::RunBatch(Batch& batch) {
  if (connection_ == nullptr) {
    auto opened = open_();
    if (!opened.ok()) return FailAll(batch, opened.error());
    connection_ = std::move(opened).value();
  }
  if (!RunPlain(batch)) RunWithSavepoints(batch);
}

Status Writer::Begin() {
  began_ = std::chrono::steady_clock::now();
  return connection_->BeginWrite();
}

bool Writer::RunPlain(Batch& batch) {
  if (Status begun = Begin(); !begun.ok()) {
    FailAll(batch, begun.error());
    return true;
  }
  for (std::size_t next = 0; next < batch.size(); ++next) {
    Job* const job = batch[next];
    const std::int64_t before = connection_->ChangesMade();
    job->outcome = RunWork(*job->work, *connection_);
    if (!job->outcome.ok()) {
      const bool wrote = connection_->ChangesMade() != before;
      const bool from_driver = KindOf(job->outcome.error()).has_value();
      const bool plain_refusal = !wrote && !from_driver && connection_->InTransaction();
      if (!plain_refusal) {
        connection_->Rollback();
        return false;
      }
    }
    if (next + 1 == batch.size()) Join(batch);
  }
  Commit(batch);
  return true;
}

void Writer::RunWithSavepoints(const Batch& batch) {
  if (Status begun = Begin(); !begun.ok()) return FailAll(batch, begun.error());
  for (Job* job : batch) {
    job->outcome = RunUnderSavepoint(*job);
    if (job->outcome.ok()) continue;
    const Error& error = job->outcome.error();
    // Some errors roll back everything, savepoints or not: the neighbours' writes are gone as well.
    if (!connection_->InTransaction() || IsDoubtful(error)) {
      const Error cause = error;
      if (batch.size() == 1) return DropIfDoubtful(cause);
      return FailAll(batch, cause);
    }
  }
  Commit(batch);
}

Status Writer::RunUnderSavepoint(Job& job) {
  if (Status opened = connection_->OpenSavepoint(); !opened.ok()) return opened;
  Status outcome = RunWork(*job.work, *connection_);
  if (!connection_->InTransaction()) return outcome;
  Status closed = outcome.ok() ? connection_->ReleaseSavepoint() : connection_->UndoToSavepoint();
  if (closed.ok()) return outcome;
  connection_->Rollback();
  return closed;
}

void Writer::Commit(const Batch& batch) {
  if (std::chrono::steady_clock::now() - began_ > transaction_max_) {
    connection_->Rollback();
    return FailAll(batch, Error{.code = ErrorCode::kUnavailable,
                                .message = "the transaction took too long",
                                .reason = "store_timeout"});
  }
  if (Status committed = connection_->Commit(); !committed.ok()) FailAll(batch, committed.error());
}

void Writer::FailAll(const Batch& batch, const Error& error) {
  for (Job* job : batch) job->outcome = error;
  DropIfDoubtful(error);
}

void Writer::DropIfDoubtful(const Error& error) {
  if (connection_ == nullptr) return;
  connection_->Rollback();
  // After a failed write or sync nobody knows what the disk has. A new connection reads the WAL
  // afresh, and the callers settle what became of theirs by running it again.
  if (IsDoubtful(error) || connection_->InTransaction()) connection_.reset();
}

}  // namespace passmint::sql::sqlite
