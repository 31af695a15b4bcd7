#include "store/serving_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "sql/error.h"

namespace passmint::store {

Result<ServingLock> ServingLock::Take(const std::string& store_path) {
  const std::string path = store_path + ".lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    const int code = errno;
    const bool forbidden = code == EACCES || code == EROFS || code == EPERM;
    return sql::MakeError(forbidden ? sql::ErrorKind::kReadOnly : sql::ErrorKind::kIo,
                          path + ": " + std::strerror(code));
  }
  ServingLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
  return Error{.code = ErrorCode::kUnavailable,
               .message = "another process serves this store: " + store_path,
               .reason = "store_served",
               .hint = "stop it first; see which one with fuser " + path};
}

ServingLock::ServingLock(ServingLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

ServingLock& ServingLock::operator=(ServingLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

ServingLock::~ServingLock() {
  if (file_ >= 0) (void)::close(file_);
}

}  // namespace passmint::store
