#include "app/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

Error SystemError(const fs::path& path, int code) {
  const std::string text = std::generic_category().message(code);
  ErrorCode kind = ErrorCode::kUnavailable;
  if (code == ENOENT || code == ENOTDIR) kind = ErrorCode::kNotFound;
  if (code == EEXIST) kind = ErrorCode::kConflict;
  return {.code = kind, .message = fmt::format("{}: {}", path.string(), text)};
}

// An open file; closing that must not fail in silence goes through Close.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }
  bool Close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

Status WriteAll(File& file, const fs::path& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0 && errno != EINVAL) return SystemError(path, errno);
  if (!file.Close()) return SystemError(path, errno);
  return {};
}

Status WriteNew(const fs::path& path, std::string_view content, mode_t mode) {
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.get() < 0) return SystemError(path, errno);
  Status written = WriteAll(file, path, content);
  if (!written.ok()) ::unlink(path.c_str());
  return written;
}

Result<std::string> ReadAll(const File& file, const fs::path& path, std::size_t bytes_max) {
  std::string content;
  char block[65536];
  for (;;) {
    const ssize_t got = ::read(file.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path, errno);
    if (got == 0) return content;
    content.append(block, static_cast<std::size_t>(got));
    if (content.size() > bytes_max) {
      return Error{.code = ErrorCode::kTooLarge,
                   .message = fmt::format("{}: larger than {} bytes", path.string(), bytes_max)};
    }
  }
}

}  // namespace

Result<std::string> ReadFile(const fs::path& path, std::size_t bytes_max) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return SystemError(path, errno);
  return ReadAll(file, path, bytes_max);
}

bool IsOpenToOthers(const fs::path& path) {
  struct stat facts = {};
  return ::stat(path.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

Result<Secret> ReadSecretFile(const fs::path& path, std::size_t bytes_max) {
  if (IsOpenToOthers(path)) {
    return Error{
        .code = ErrorCode::kInvalidArgument,
        .message = fmt::format("{}: others than its owner may use this secret file", path.string()),
        .reason = "secret_file_mode",
        .hint = fmt::format("chmod 600 {}", path.string())};
  }
  Result<std::string> content = ReadFile(path, bytes_max);
  if (!content.ok()) return std::move(content).error();
  return Secret(std::move(content).value());
}

Status WriteNewFile(const fs::path& path, std::string_view content) {
  return WriteNew(path, content, 0644);
}

Status WriteNewSecretFile(const fs::path& path, const Secret& content) {
  return WriteNew(path, content.RevealForSerialization(), 0600);
}

Status ReplaceFile(const fs::path& path, std::string_view content) {
  const fs::path fresh = path.string() + fmt::format(".{}.new", ::getpid());
  if (Status written = WriteNew(fresh, content, 0644); !written.ok()) return written;
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    const int code = errno;
    ::unlink(fresh.c_str());
    return SystemError(path, code);
  }
  return {};
}

Status MakeFolders(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure)
    return Error{.code = ErrorCode::kUnavailable,
                 .message = folder.string() + ": " + failure.message()};
  return {};
}

namespace {

// Reads one entry of a template folder into `files`.
Status ReadTemplateEntry(const fs::path& folder, const fs::directory_entry& entry,
                         design::TemplateFiles& files, std::size_t& bytes_left) {
  std::error_code failure;
  const fs::file_status status = entry.symlink_status(failure);
  if (failure) return SystemError(entry.path(), failure.value());
  if (fs::is_directory(status)) return {};
  const std::string name = entry.path().lexically_relative(folder).generic_string();
  if (!fs::is_regular_file(status)) {
    return Error{
        .code = ErrorCode::kInvalidArgument,
        .message = entry.path().string() + ": only regular files may be in a template folder",
        .hint = "put the file itself there instead of a link"};
  }
  if (name == "README.md") return {};
  if (files.size() == design::kTemplateFilesMax) {
    return Error{.code = ErrorCode::kTooLarge,
                 .message = fmt::format("{}: more than {} files", folder.string(),
                                        design::kTemplateFilesMax)};
  }
  Result<std::string> content =
      ReadFile(entry.path(), std::min(bytes_left, design::kImageBytesMax));
  if (!content.ok()) return std::move(content).error();
  bytes_left -= content.value().size();
  files.emplace(name, std::move(content).value());
  return {};
}

}  // namespace

Result<design::TemplateFiles> ReadTemplateFolder(const fs::path& folder) {
  design::TemplateFiles files;
  std::size_t bytes_left = design::kTemplateBytesMax;
  std::error_code failure;
  fs::recursive_directory_iterator walk(folder, failure);
  for (; !failure && walk != fs::recursive_directory_iterator(); walk.increment(failure)) {
    if (walk->path().filename().string().front() == '.') {
      walk.disable_recursion_pending();
      continue;
    }
    Status read = ReadTemplateEntry(folder, *walk, files, bytes_left);
    if (!read.ok()) return std::move(read).error();
  }
  if (failure) return SystemError(folder, failure.value());
  if (files.count("template.json") == 0) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = folder.string() + ": no template.json in this folder",
                 .hint = "name the folder of one template, such as templates/points"};
  }
  return files;
}

}  // namespace passmint::app
