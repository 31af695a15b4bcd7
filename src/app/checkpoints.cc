#include "app/checkpoints.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "app/files.h"
#include "store/dump.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "checkpoint-";
constexpr std::string_view kSuffix = ".txt";

// One process at a time takes a checkpoint, so that each follows the one before.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : file_(::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    while (file_ >= 0 && ::flock(file_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (file_ >= 0) ::close(file_);
  }
  bool held() const { return file_ >= 0; }

 private:
  const int file_;
};

// "20261122T010000-000000Z".
std::string Stamp(Timestamp time) {
  std::string text = FormatRfc3339(std::chrono::floor<std::chrono::seconds>(time));
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '-' || c == ':'; }),
             text.end());
  text.pop_back();
  return fmt::format("{}-{:06}Z", text, ToMicros(time) % 1'000'000);
}

// Same accounts, same heads.
bool SawTheSame(const ledger::Checkpoint& a, const ledger::Checkpoint& b) {
  return a.leaves == b.leaves;
}

// The leaves of `checkpoint` that `compared` does not have.
ledger::Checkpoint Without(const ledger::Checkpoint& checkpoint,
                           const std::vector<ledger::CheckpointLeaf>& compared) {
  const auto key = [](const ledger::CheckpointLeaf& leaf) {
    return std::pair<const std::string&, const std::string&>(leaf.programme.str(),
                                                             leaf.account.str());
  };
  ledger::Checkpoint rest = checkpoint;
  rest.leaves.clear();
  auto at = compared.begin();
  for (const ledger::CheckpointLeaf& leaf : checkpoint.leaves) {
    while (at != compared.end() && key(*at) < key(leaf)) ++at;
    if (at == compared.end() || !(*at == leaf)) rest.leaves.push_back(leaf);
  }
  return rest;
}

Status SyncFolder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const int code = errno;
  if (file >= 0) ::close(file);
  if (synced) return {};
  return Error{.code = ErrorCode::kUnavailable,
               .message = folder.string() + ": " + std::strerror(code)};
}

}  // namespace

Result<crypto::PrivateKey> LoadSigningKey(const Settings& settings) {
  const fs::path& file = settings.secrets.signing_key;
  const auto content = ReadSecretFile(file, crypto::kPrivateKeyFileBytesMax);
  if (!content.ok()) return Annotate(content.error(), "checkpoint key");
  auto key = crypto::ParsePrivateKey(content.value().RevealForSerialization(), Secret(""));
  if (!key.ok()) return Annotate(std::move(key).error(), file.string());
  return key;
}

Result<std::vector<fs::path>> ListCheckpoints(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failure;
  if (!fs::exists(folder, failure)) return files;
  fs::directory_iterator walk(folder, failure);
  for (; !failure && walk != fs::directory_iterator(); walk.increment(failure)) {
    const std::string name = walk->path().filename().string();
    if (name.starts_with(kPrefix) && name.ends_with(kSuffix)) files.push_back(walk->path());
  }
  if (failure) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = folder.string() + ": " + failure.message()};
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<ledger::Checkpoint> ReadCheckpoint(const fs::path& file, const crypto::PrivateKey& key) {
  const auto document = ReadFile(file, ledger::kCheckpointBytesMax);
  if (!document.ok()) return document.error();
  auto checkpoint = ledger::OpenCheckpoint(document.value(), key.PublicKeyPem());
  if (!checkpoint.ok()) return Annotate(std::move(checkpoint).error(), file.string());
  return checkpoint;
}

Result<std::optional<ledger::Checkpoint>> NewestCheckpoint(const fs::path& folder,
                                                           const crypto::PrivateKey& key) {
  const auto files = ListCheckpoints(folder);
  if (!files.ok()) return files.error();
  if (files.value().empty()) return std::optional<ledger::Checkpoint>();
  auto newest = ReadCheckpoint(files.value().back(), key);
  if (!newest.ok()) return std::move(newest).error();
  return std::optional<ledger::Checkpoint>(std::move(newest).value());
}

Result<WrittenCheckpoint> WriteCheckpoint(issuance::Store& store, const fs::path& folder,
                                          const crypto::PrivateKey& key,
                                          const issuance::OnAudit& on_audit) {
  if (Status made = MakeFolders(folder); !made.ok()) return std::move(made).error();
  const FolderLock lock(folder);
  if (!lock.held()) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = folder.string() + ": " + std::strerror(errno),
                 .hint = "the folder of store.checkpoint_dir must be ours to write"};
  }
  const auto before = NewestCheckpoint(folder, key);
  if (!before.ok()) return before.error();
  const auto programmes = store::ProgrammesWithAccounts(store::DatabaseOf(store));
  if (!programmes.ok()) return programmes.error();
  const std::string previous =
      before.value() ? ledger::RootOf(*before.value()) : std::string(ledger::kHashBytes, '\0');
  auto taken = issuance::TakeCheckpoint(store, programmes.value(), previous, on_audit);
  if (!taken.ok()) return std::move(taken).error();
  WrittenCheckpoint written{.checkpoint = std::move(taken).value(), .file = {}};
  if (before.value()) {
    if (SawTheSame(*before.value(), written.checkpoint)) return written;
    Status follows = ledger::CheckFollows(*before.value(), written.checkpoint);
    if (!follows.ok()) return std::move(follows).error();
  }
  const auto document = ledger::SignCheckpoint(written.checkpoint, key);
  if (!document.ok()) return document.error();
  written.file = folder / fmt::format("{}{}{}", kPrefix, Stamp(written.checkpoint.time), kSuffix);
  // Under another name first: a torn file would look like a forged one.
  if (Status put = ReplaceFile(written.file, document.value()); !put.ok()) {
    return std::move(put).error();
  }
  if (Status synced = SyncFolder(folder); !synced.ok()) return std::move(synced).error();
  return written;
}

Result<CheckpointsReport> VerifyCheckpoints(const issuance::Store& store, const fs::path& folder,
                                            const crypto::PrivateKey& key) {
  const auto files = ListCheckpoints(folder);
  if (!files.ok()) return files.error();
  CheckpointsReport report;
  std::optional<ledger::Checkpoint> before;
  for (const fs::path& file : files.value()) {
    ++report.documents;
    auto checkpoint = ReadCheckpoint(file, key);
    if (!checkpoint.ok()) {
      report.wrong.push_back(checkpoint.error().message);
      before.reset();
      continue;
    }
    if (before) {
      const Status follows = ledger::CheckFollows(*before, checkpoint.value());
      if (!follows.ok()) report.wrong.push_back(file.string() + ": " + follows.error().message);
    }
    // What an account's leaf shares with the one before was compared with it.
    const auto rest = before ? Without(checkpoint.value(), before->leaves) : checkpoint.value();
    const auto compared = issuance::CompareWithStore(store, rest);
    if (!compared.ok()) return compared.error();
    report.leaves += compared.value().checked;
    for (const ledger::LostHistory& lost : compared.value().lost) {
      report.wrong.push_back(lost.Describe(checkpoint.value().time));
    }
    before = std::move(checkpoint).value();
  }
  return report;
}

Result<fs::path> PutCheckpointsAside(const fs::path& folder, Timestamp now) {
  const auto files = ListCheckpoints(folder);
  if (!files.ok()) return files.error();
  const fs::path aside = folder / ("given-up-" + Stamp(now));
  if (Status made = MakeFolders(aside); !made.ok()) return std::move(made).error();
  for (const fs::path& file : files.value()) {
    std::error_code failure;
    fs::rename(file, aside / file.filename(), failure);
    if (failure) {
      return Error{.code = ErrorCode::kUnavailable,
                   .message = file.string() + ": " + failure.message()};
    }
  }
  return aside;
}

}  // namespace passmint::app
