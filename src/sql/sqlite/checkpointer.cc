#include "sql/sqlite/checkpointer.h"

#include <utility>

namespace passmint::sql::sqlite {

Checkpointer::Checkpointer(OpenConnection open, std::function<void(const Error&)> report)
    : open_(std::move(open)), report_(std::move(report)) {
  thread_ = std::thread([this] { Run(); });
}

Checkpointer::~Checkpointer() { Stop(); }

void Checkpointer::Committed(int frames) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (frames < frames_) {  // The WAL began anew.
    next_at_ = kCheckpointFrames;
    pause_at_ = kPauseFrames;
  }
  frames_ = frames;
  if (IsDue()) wake_.notify_one();
}

void Checkpointer::AwaitTurn() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (frames_ < pause_at_ || stopping_ || broken_) return;
  paused_ = true;
  wake_.notify_one();
  resume_.wait(lock, [this] { return !paused_; });
}

void Checkpointer::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    paused_ = false;
    wake_.notify_one();
    resume_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || paused_ || IsDue(); });
    if (stopping_) return;
    const bool paused = paused_;
    // Should this one get nowhere (a reader holds an old snapshot, the disk is full), the next is
    // due after as many frames again, not at once.
    next_at_ = frames_ + kCheckpointFrames;
    if (paused) pause_at_ = frames_ + kPauseFrames;
    lock.unlock();
    // RESTART also waits for readers to leave the WAL, so that the next commit begins it anew.
    const Status opened = OpenIfNeeded();
    const Status done = !opened.ok() ? opened
                                     : RunOnce(paused ? SqliteConnection::Checkpoint::kRestart
                                                      : SqliteConnection::Checkpoint::kPassive);
    if (!done.ok()) report_(done.error());
    lock.lock();
    if (opened.ok() && !done.ok() && KindOf(done.error()) == ErrorKind::kIo) broken_ = true;
    if (paused) {
      paused_ = false;
      resume_.notify_all();
    }
  }
}

Status Checkpointer::OpenIfNeeded() {
  if (connection_ != nullptr) return {};
  auto opened = open_();
  if (!opened.ok()) return Annotate(std::move(opened).error(), "open for a checkpoint");
  connection_ = std::move(opened).value();
  return {};
}

Status Checkpointer::RunOnce(SqliteConnection::Checkpoint kind) {
  const auto done = connection_->RunCheckpoint(kind);
  if (done.ok()) return {};
  connection_.reset();
  return done.error();
}

}  // namespace passmint::sql::sqlite
