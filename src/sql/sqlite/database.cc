#include "sql/sqlite/database.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "sql/error.h"
#include "sql/sqlite/checkpointer.h"

namespace passmint::sql::sqlite {
namespace {

// How long a stop waits for other processes that read, such as a backup.
constexpr std::chrono::milliseconds kCloseWaitMax(500);

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(const DatabaseOptions& options)
      : options_(options),
        checkpointer_([this] { return Open(Access::kReadWrite, kCheckpointWaitMax); },
                      [this](const Error& error) {
                        if (options_.report) options_.report(error);
                      }),
        readers_([this] { return Open(Access::kReadOnly, options_.lock_wait_max); },
                 options.reader_wait_max),
        writer_([this] { return OpenForWriter(); }, [this] { checkpointer_.AwaitTurn(); },
                options.transaction_max) {}

  ~SqliteDatabase() override { SqliteDatabase::Close(); }

  Status Write(const Work& work) override { return writer_.Write(work); }
  Status Read(const Work& work) const override { return readers_.Read(work); }

  Result<std::optional<std::int64_t>> ServerMicros() const override {
    return std::optional<std::int64_t>();
  }

  void Close() override {
    writer_.Stop();
    checkpointer_.Stop();
    readers_.Close();
    if (closed_ || checkpointer_.IsBroken()) return;
    closed_ = true;
    // Best effort: what is not copied now stays in the WAL and is copied by the next one.
    auto last = Open(Access::kReadWrite, kCloseWaitMax);
    if (last.ok()) {
      (void)last.value()->RunCheckpoint(SqliteConnection::Checkpoint::kTruncate).ok();
    }
  }

 private:
  Result<std::unique_ptr<SqliteConnection>> Open(Access access,
                                                 std::chrono::milliseconds wait_max) const {
    return SqliteConnection::Open(
        {.path = options_.path, .vfs = options_.vfs, .access = access, .busy_timeout = wait_max});
  }

  Result<std::unique_ptr<SqliteConnection>> OpenForWriter() {
    auto opened = Open(Access::kReadWrite, options_.lock_wait_max);
    if (opened.ok()) {
      opened.value()->OnWalFrames([this](int frames) { checkpointer_.Committed(frames); });
    }
    return opened;
  }

  const DatabaseOptions options_;
  bool closed_ = false;  // Of the one thread that closes.
  // In this order: the writer uses the checkpointer.
  Checkpointer checkpointer_;
  mutable Readers readers_;
  Writer writer_;
};

Error MissingDirectory(const std::filesystem::path& directory) {
  return Error{.code = ErrorCode::kUnavailable,
               .message = "the store's directory does not exist: " + directory.string(),
               .reason = "store_missing_directory",
               .hint = "make it, owned by the user that runs passmint, or mend url in [store]"};
}

Status MakeFile(const DatabaseOptions& options) {
  const std::filesystem::path directory = std::filesystem::path(options.path).parent_path();
  std::error_code ignored;
  if (!directory.empty() && !std::filesystem::is_directory(directory, ignored)) {
    return MissingDirectory(directory);
  }
  // Never opened if it is there: closing it would drop the locks that SQLite holds on it elsewhere
  // in this process (https://sqlite.org/howtocorrupt.html section 2.2).
  const int file = ::open(options.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    (void)::close(file);
    return {};
  }
  const int code = errno;
  if (code == EEXIST) return {};
  const std::string message = options.path + ": " + std::strerror(code);
  if (code == EACCES || code == EROFS || code == EPERM) {
    return MakeError(ErrorKind::kReadOnly, message);
  }
  return MakeError(code == ENOSPC || code == EDQUOT ? ErrorKind::kFull : ErrorKind::kIo, message);
}

// A database without tables is nobody's yet.
Status ClaimOrRefuse(SqliteConnection& connection, const DatabaseOptions& options) {
  const auto mark = connection.QueryInteger("PRAGMA application_id");
  if (!mark.ok()) return mark.error();
  if (mark.value() == options.application_id) return {};
  const auto tables = connection.QueryInteger("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.error();
  if (tables.value() > 0 || mark.value() != 0) {
    return Error{.code = ErrorCode::kInternal,
                 .message = "this is a database of another program: " + options.path,
                 .reason = "store_foreign",
                 .hint = "name another file in url of [store]"};
  }
  return connection.ExecuteScript("PRAGMA application_id=" +
                                  std::to_string(options.application_id));
}

}  // namespace

Result<std::unique_ptr<Database>> OpenDatabase(const DatabaseOptions& options) {
  if (Status made = MakeFile(options); !made.ok()) return std::move(made).error();
  {
    auto opened = SqliteConnection::Open({.path = options.path, .vfs = options.vfs});
    if (!opened.ok()) return Annotate(std::move(opened).error(), options.path);
    if (Status ours = ClaimOrRefuse(*opened.value(), options); !ours.ok()) {
      return std::move(ours).error();
    }
    // After a crash the WAL may be long; the first requests should not wait for it. In someone's
    // way or on a full disk it stays as it is.
    (void)opened.value()->RunCheckpoint(SqliteConnection::Checkpoint::kPassive).ok();
  }
  return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(options));
}

}  // namespace passmint::sql::sqlite
