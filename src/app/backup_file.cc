#include "app/backup_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "crypto/sha256_stream.h"
#include "json/json.h"
#include "zip/gzip.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr std::size_t kHeadBytesMax = 4096;

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Error SystemError(const fs::path& path) {
  const int code = errno;
  ErrorCode kind = ErrorCode::kUnavailable;
  if (code == ENOENT) kind = ErrorCode::kNotFound;
  if (code == EEXIST) kind = ErrorCode::kConflict;
  return {.code = kind, .message = path.string() + ": " + std::strerror(code)};
}

Error Damaged(const fs::path& path, std::string_view what) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = fmt::format("{}: the backup is damaged: {}", path.string(), what),
          .reason = "backup_damaged",
          .hint = "take another copy of it, or an older backup"};
}

// Takes the file away again unless Keep is called.
class Fresh {
 public:
  explicit Fresh(const fs::path& path) : path_(path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) file_.reset(::fdopen(descriptor, "wb"));
  }
  Fresh(const Fresh&) = delete;
  Fresh& operator=(const Fresh&) = delete;
  ~Fresh() {
    if (file_ != nullptr) ::unlink(path_.c_str());
  }
  std::FILE* get() const { return file_.get(); }
  Status Keep() {
    const bool durable =
        std::fflush(get()) == 0 && (::fsync(::fileno(get())) == 0 || errno == EINVAL);
    if (!durable) return SystemError(path_);
    file_.reset();
    return {};
  }

 private:
  const fs::path path_;
  File file_;
};

// Lines into a file, compressed if its name ends so.
class Writer {
 public:
  Writer(std::FILE* file, const fs::path& path) : file_(file), path_(path) {
    if (path.extension() != ".gz") return;
    gzip_.emplace([this](std::string_view bytes) { return Write(bytes); });
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Status Add(std::string_view line) {
    hash_.Add(line);
    hash_.Add("\n");
    return Put(line);
  }
  Status Put(std::string_view line) {
    for (const std::string_view part : {line, std::string_view("\n")}) {
      Status put = gzip_ ? gzip_->Add(part) : Write(part);
      if (!put.ok()) return put;
    }
    return {};
  }
  Status Finish() { return gzip_ ? gzip_->Finish() : Status(); }
  std::string Hash() { return ToHex(hash_.Finish()); }
  std::int64_t bytes() const { return bytes_; }  // That the file has.

 private:
  Status Write(std::string_view bytes) {
    bytes_ += static_cast<std::int64_t>(bytes.size());
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size();
    return written ? Status() : Status(SystemError(path_));
  }

  std::FILE* file_;
  const fs::path& path_;
  std::optional<zip::GzipWriter> gzip_;
  crypto::Sha256Stream hash_;
  std::int64_t bytes_ = 0;
};

// Bytes of a file, in pieces; expanded if it is compressed, whatever its name is.
class Pieces {
 public:
  Pieces(File file, fs::path path)
      : file_(std::move(file)), path_(std::move(path)), buffer_(zip::kGzipChunkBytes, '\0') {}
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;

  const fs::path& path() const { return path_; }

  // None at the end. Valid until the next call.
  Result<std::string_view> Next() {
    if (gzip_) return Expanded();
    auto read = Read();
    if (!read.ok() || std::exchange(begun_, true) || !zip::IsGzip(read.value())) return read;
    gzip_.emplace([this, first = read.value()]() mutable -> Result<std::string_view> {
      return first.empty() ? Read() : Result(std::exchange(first, std::string_view()));
    });
    return Expanded();
  }

 private:
  Result<std::string_view> Read() {
    const std::size_t got = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
    if (got == 0 && std::ferror(file_.get()) != 0) return SystemError(path_);
    return std::string_view(buffer_).substr(0, got);
  }

  Result<std::string_view> Expanded() {
    auto next = gzip_->Next();
    if (!next.ok() && next.error().reason == "gzip_damaged") {
      return Damaged(path_, next.error().message);
    }
    return next;
  }

  File file_;
  const fs::path path_;
  std::string buffer_;
  bool begun_ = false;
  std::optional<zip::GzipReader> gzip_;
};

// Lines of a file, each bounded. For one pass.
class Lines {
 public:
  static Result<Lines> Open(const fs::path& path) {
    File file(std::fopen(path.c_str(), "rbe"));
    if (file == nullptr) return SystemError(path);
    return Lines(std::make_unique<Pieces>(std::move(file), path));
  }

  // Without its line feed; nothing at the end. Valid until the next call.
  Result<std::optional<std::string_view>> Next() {
    std::size_t searched = at_;
    std::size_t end = 0;
    while ((end = pending_.find('\n', searched)) == std::string::npos) {
      pending_.erase(0, std::exchange(at_, 0));
      searched = pending_.size();
      if (searched > store::kDumpLineBytesMax) return TooLong();
      const auto more = pieces_->Next();
      if (!more.ok()) return more.error();
      if (more.value().empty()) {
        if (pending_.empty()) return std::optional<std::string_view>();
        return Damaged(pieces_->path(), "it is cut");
      }
      pending_.append(more.value());
    }
    const std::size_t begin = std::exchange(at_, end + 1);
    if (at_ - begin > store::kDumpLineBytesMax) return TooLong();
    return std::optional(std::string_view(pending_).substr(begin, end - begin));
  }

 private:
  explicit Lines(std::unique_ptr<Pieces> pieces) : pieces_(std::move(pieces)) {}
  Error TooLong() const { return Damaged(pieces_->path(), "a line is too long"); }

  std::unique_ptr<Pieces> pieces_;
  std::string pending_;
  std::size_t at_ = 0;  // Where the next line begins.
};

std::string HeadLine(Timestamp now) {
  return json::Dump({{"passmint_backup", kFormat},
                     {"schema", store::DumpSchema()},
                     {"time", FormatRfc3339(now)}});
}

std::string EndLine(std::int64_t rows, const std::string& sha256) {
  return json::Dump({{"end", {{"rows", rows}, {"sha256", sha256}}}});
}

Result<BackupHead> ParseHead(const fs::path& path, std::string_view line) {
  const auto json = json::Parse(line, kHeadBytesMax);
  const bool ours = json.ok() && json.value().is_object() &&
                    json.value().value("passmint_backup", Json()) == kFormat &&
                    json.value().value("schema", Json()).is_number_integer() &&
                    json.value().value("time", Json()).is_string();
  if (!ours) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = path.string() + ": is no backup of passmint's",
                 .reason = "backup_format"};
  }
  const auto time = ParseRfc3339(json.value()["time"].get<std::string>());
  if (!time.ok()) return Damaged(path, "no time");
  BackupHead head{.schema = json.value()["schema"].get<int>(), .time = time.value()};
  if (head.schema == store::DumpSchema()) return head;
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = fmt::format("{}: has schema {}, this passmint has {}", path.string(),
                                      head.schema, store::DumpSchema()),
               .reason = "backup_schema",
               .hint = "restore it with the version that made it, then upgrade"};
}

bool IsEnd(std::string_view line) { return line.starts_with("{\"end\":"); }
bool IsRow(std::string_view line) { return line.starts_with("["); }

}  // namespace

Result<BackupReport> WriteBackup(const sql::Database& database, Timestamp now,
                                 const fs::path& file) {
  Fresh fresh(file);
  if (fresh.get() == nullptr) return SystemError(file);
  Writer writer(fresh.get(), file);
  if (Status put = writer.Add(HeadLine(now)); !put.ok()) return std::move(put).error();
  const auto counts =
      store::WriteDump(database, [&writer](std::string_view line) { return writer.Add(line); });
  if (!counts.ok()) return counts.error();
  BackupReport report{.head = {store::DumpSchema(), now}, .rows = 0, .bytes = 0};
  for (const auto& [table, rows] : counts.value()) report.rows += rows;
  if (Status put = writer.Put(EndLine(report.rows, writer.Hash())); !put.ok()) {
    return std::move(put).error();
  }
  if (Status finished = writer.Finish(); !finished.ok()) return std::move(finished).error();
  report.bytes = writer.bytes();
  if (Status kept = fresh.Keep(); !kept.ok()) return std::move(kept).error();
  return report;
}

Result<BackupReport> CheckBackup(const fs::path& file) {
  auto lines = Lines::Open(file);
  if (!lines.ok()) return std::move(lines).error();
  crypto::Sha256Stream hash;
  BackupReport report;
  for (bool first = true;; first = false) {
    const auto line = lines.value().Next();
    if (!line.ok()) return line.error();
    if (!line.value()) return Damaged(file, first ? "it is empty" : "it is cut");
    if (first) {
      const auto head = ParseHead(file, *line.value());
      if (!head.ok()) return head.error();
      report.head = head.value();
    }
    if (IsEnd(*line.value())) {
      const bool whole = *line.value() == EndLine(report.rows, ToHex(hash.Finish()));
      if (!whole) return Damaged(file, "its hash or number of rows is not that of its last line");
      break;
    }
    if (IsRow(*line.value())) ++report.rows;
    hash.Add(*line.value());
    hash.Add("\n");
  }
  const auto after = lines.value().Next();
  if (!after.ok() || after.value()) return Damaged(file, "something follows its end");
  return report;
}

Result<store::DumpCounts> LoadBackup(const fs::path& file, sql::Database& database) {
  auto lines = Lines::Open(file);
  if (!lines.ok()) return std::move(lines).error();
  store::DumpLoader loader(database);
  for (bool first = true;; first = false) {
    const auto line = lines.value().Next();
    if (!line.ok()) return line.error();
    if (!line.value() || IsEnd(*line.value())) return loader.Finish();
    if (first) continue;
    if (Status added = loader.Add(*line.value()); !added.ok()) return std::move(added).error();
  }
}

}  // namespace passmint::app
