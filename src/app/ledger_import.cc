#include "app/ledger_import.h"

#include <condition_variable>
#include <deque>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/import_line.h"

namespace passmint::app {
namespace {

using issuance::ImportItem;
using issuance::ImportTally;

// How far reading may be ahead of writing.
constexpr std::size_t kBatchesAhead = 4;
constexpr std::int64_t kLinesPerProgress = 1000;

// The lines of a file that are not empty, with their numbers.
class Lines {
 public:
  explicit Lines(const std::filesystem::path& file) : name_(file.string()), in_(file) {}

  Status Open() const {
    if (in_.is_open()) return {};
    return Error{.code = ErrorCode::kNotFound, .message = name_ + ": cannot be read"};
  }
  bool Next() {
    while (std::getline(in_, text_)) {
      ++number_;
      if (text_.find_first_not_of(" \t\r") != std::string::npos) return true;
    }
    return false;
  }
  Status End() const {
    if (!in_.bad()) return {};
    return Error{.code = ErrorCode::kUnavailable, .message = name_ + ": cannot be read to its end"};
  }
  const std::string& text() const { return text_; }
  std::int64_t number() const { return number_; }

 private:
  std::string name_;
  std::ifstream in_;
  std::string text_;
  std::int64_t number_ = 0;
};

struct BadLine {
  std::int64_t line = 0;
  Error error;
};

struct Batch {
  std::vector<ImportItem> items;
  std::vector<BadLine> bad;
  std::int64_t last_line = 0;
};

// Batches on their way from the thread that reads to the one that writes.
class Queue {
 public:
  // False once nobody wants any more.
  bool Put(Batch batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || batches_.size() < kBatchesAhead; });
    if (ended_) return false;
    batches_.push_back(std::move(batch));
    changed_.notify_all();
    return true;
  }
  // Nothing at the end.
  std::optional<Batch> Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || !batches_.empty(); });
    if (batches_.empty()) return std::nullopt;
    Batch batch = std::move(batches_.front());
    batches_.pop_front();
    changed_.notify_all();
    return batch;
  }
  // By either side: what is there may still be taken, nothing is put any more.
  void End() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> batches_;
  bool ended_ = false;
};

// Reads the file into the queue.
Status ReadAhead(const std::filesystem::path& file, const issuance::Site& site,
                 const issuance::ProgrammeSite& programme, Timestamp now, Queue& queue) {
  Lines lines(file);
  if (Status opened = lines.Open(); !opened.ok()) return opened;
  Batch batch;
  while (lines.Next()) {
    auto item = ReadImportLine(lines.text(), site, programme, now);
    if (item.ok()) {
      batch.items.push_back({.line = lines.number(), .what = std::move(item).value()});
    } else {
      batch.bad.push_back({.line = lines.number(), .error = std::move(item).error()});
    }
    batch.last_line = lines.number();
    if (batch.items.size() < kImportBatch) continue;
    if (!queue.Put(std::exchange(batch, {}))) return {};
  }
  if (!batch.items.empty() || !batch.bad.empty()) (void)queue.Put(std::move(batch));
  return lines.End();
}

// Whether a store that was empty has grown so much since it was told last: after the first batch
// and whenever it is four times as large.
bool HasGrown(std::int64_t batches) {
  while (batches % 4 == 0 && batches > 0) batches /= 4;
  return batches == 1;
}

Status WriteAll(Queue& queue, issuance::Store& store, const issuance::Site& site,
                const issuance::ProgrammeSite& programme, const ImportEvents& events,
                ImportTally& tally) {
  std::int64_t batches = 0;
  while (std::optional<Batch> batch = queue.Take()) {
    for (const BadLine& bad : batch->bad) {
      ++tally.refused;
      events.on_bad_line(bad.line, bad.error);
    }
    Status done =
        issuance::ImportBatch(store, site, programme, batch->items, events.on_bad_line, tally);
    if (done.ok() && HasGrown(++batches)) done = store.RefreshStatistics();
    if (!done.ok()) return done;
    events.on_progress(batch->last_line, tally);
  }
  return store.RefreshStatistics();
}

}  // namespace

Result<std::int64_t> CheckImportFile(const std::filesystem::path& file, const issuance::Site& site,
                                     const issuance::ProgrammeSite& programme, Timestamp now,
                                     const ImportEvents& events) {
  Lines lines(file);
  if (Status opened = lines.Open(); !opened.ok()) return std::move(opened).error();
  std::int64_t count = 0;
  ImportTally tally;
  while (lines.Next()) {
    ++count;
    const auto item = ReadImportLine(lines.text(), site, programme, now);
    if (!item.ok()) {
      ++tally.refused;
      events.on_bad_line(lines.number(), item.error());
    }
    if (count % kLinesPerProgress == 0) events.on_progress(lines.number(), tally);
  }
  if (Status ended = lines.End(); !ended.ok()) return std::move(ended).error();
  if (tally.refused == 0) return count;
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = std::to_string(tally.refused) + " of " + std::to_string(count) +
                          " lines are wrong; nothing was imported"};
}

Result<ImportTally> ImportFile(const std::filesystem::path& file, issuance::Store& store,
                               const issuance::Site& site, const issuance::ProgrammeSite& programme,
                               Timestamp now, const ImportEvents& events) {
  Queue queue;
  Status read;
  std::thread reader([&] {
    read = ReadAhead(file, site, programme, now, queue);
    queue.End();
  });
  ImportTally tally;
  Status written = WriteAll(queue, store, site, programme, events, tally);
  queue.End();
  reader.join();
  if (!written.ok()) return std::move(written).error();
  if (!read.ok()) return std::move(read).error();
  return tally;
}

}  // namespace passmint::app
