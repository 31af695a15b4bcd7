#include "app/erasures.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "app/files.h"
#include "issuance/members.h"
#include "issuance/points.h"
#include "json/json.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

constexpr char kName[] = "erasures.jsonl";
constexpr std::size_t kLineBytesMax = 4096;
// Some 10 million erasures.
constexpr std::size_t kListBytesMax = std::size_t{2} * 1024 * 1024 * 1024;

Error SystemError(const fs::path& file) {
  return Error{.code = ErrorCode::kUnavailable,
               .message = file.string() + ": " + std::strerror(errno)};
}

struct Erasure {
  ProgrammeId programme;
  MemberId member;
};

Result<Erasure> ParseErasure(std::string_view line) {
  const auto json = json::Parse(line, kLineBytesMax);
  const auto text = [&json](const char* name) {
    return json.value().contains(name) && json.value()[name].is_string();
  };
  if (!json.ok() || !json.value().is_object() || !text("programme") || !text("member")) {
    return Error{.code = ErrorCode::kInvalidArgument, .message = "is no record of an erasure"};
  }
  return Erasure{ProgrammeId(json.value()["programme"].get<std::string>()),
                 MemberId(json.value()["member"].get<std::string>())};
}

// True if there was somebody to erase.
Result<bool> EraseOne(issuance::Store& store, const Erasure& erasure) {
  bool erased = false;
  Status written = store.Write([&](issuance::Transaction& transaction) -> Status {
    erased = false;
    auto member = transaction.FindMember(erasure.programme, erasure.member);
    if (!member.ok()) return std::move(member).error();
    if (!member.value() || member.value()->erased) return {};
    erased = true;
    return issuance::EraseMember(transaction, erasure.programme, erasure.member,
                                 issuance::kSystemActor);
  });
  if (!written.ok()) return std::move(written).error();
  return erased;
}

}  // namespace

Status ErasureFile::Record(const ProgrammeId& programme, const MemberId& member, Timestamp at) {
  const Json json = {
      {"programme", programme.str()}, {"member", member.str()}, {"erased_at", FormatRfc3339(at)}};
  const std::string line = json::Dump(json) + '\n';
  const std::lock_guard<std::mutex> lock(mutex_);
  if (Status made = MakeFolders(folder_); !made.ok()) return made;
  const fs::path path = folder_ / kName;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return SystemError(path);
  // One write of a short line: whole, or torn at the end of the file.
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const bool durable = written && ::fsync(file) == 0;
  Status outcome = durable ? Status() : Status(SystemError(path));
  ::close(file);
  return outcome;
}

Result<std::int64_t> EraseAgain(issuance::Store& store, const fs::path& folder) {
  const auto list = ReadFile(folder / kName, kListBytesMax);
  if (!list.ok() && list.error().code == ErrorCode::kNotFound) return std::int64_t{0};
  if (!list.ok()) return list.error();
  std::int64_t erased = 0;
  std::int64_t number = 0;
  for (std::string_view rest = list.value(); !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    ++number;
    const auto erasure = ParseErasure(line);
    if (!erasure.ok() && end == std::string_view::npos) break;  // Torn: it was never promised.
    if (!erasure.ok()) {
      return Annotate(erasure.error(), fmt::format("{}:{}", (folder / kName).string(), number));
    }
    const auto one = EraseOne(store, erasure.value());
    if (!one.ok()) return one.error();
    if (one.value()) ++erased;
  }
  return erased;
}

}  // namespace passmint::app
