#include "app/template_folder.h"

#include <chrono>
#include <map>
#include <utility>

#include "app/files.h"
#include "json/json.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

constexpr char kMark[] = ".passmint-draft";
constexpr std::size_t kMarkBytesMax = 4096;

}  // namespace

Result<std::optional<SyncMark>> ReadSyncMark(const fs::path& folder) {
  std::error_code failure;
  if (!fs::exists(folder / kMark, failure)) return std::optional<SyncMark>();
  const auto text = ReadFile(folder / kMark, kMarkBytesMax);
  if (!text.ok()) return text.error();
  const auto parsed = json::Parse(text.value(), kMarkBytesMax);
  const Json mark = parsed.ok() ? parsed.value() : Json();
  const bool whole = mark.is_object() && mark.contains("template") && mark.contains("tag") &&
                     mark["template"].is_string() && mark["tag"].is_string();
  if (!whole) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = (folder / kMark).string() + ": cannot be read",
                 .hint = "remove it, and pull the draft into another folder to compare"};
  }
  return std::optional<SyncMark>(
      SyncMark{mark["template"].get<std::string>(), mark["tag"].get<std::string>()});
}

Status WriteSyncMark(const fs::path& folder, const SyncMark& mark) {
  return ReplaceFile(folder / kMark,
                     json::DumpPretty({{"template", mark.name}, {"tag", mark.tag}}));
}

Status WriteTemplateFolder(const fs::path& folder, const design::TemplateFiles& files,
                           const SyncMark& mark) {
  if (Status made = MakeFolders(folder); !made.ok()) return made;
  design::TemplateFiles present;
  std::error_code failure;
  if (fs::exists(folder / "template.json", failure)) {
    auto read = ReadTemplateFolder(folder);
    if (!read.ok()) return std::move(read).error();
    present = std::move(read).value();
  }
  for (const auto& [path, bytes] : files) {
    const auto old = present.find(path);
    if (old != present.end() && old->second == bytes) continue;
    if (Status made = MakeFolders((folder / path).parent_path()); !made.ok()) return made;
    if (Status wrote = ReplaceFile(folder / path, bytes); !wrote.ok()) return wrote;
  }
  for (const auto& [path, bytes] : present) {
    if (!files.contains(path)) fs::remove(folder / path, failure);
  }
  return WriteSyncMark(folder, mark);
}

std::string FolderSignature(const fs::path& folder) {
  std::map<std::string, std::string> seen;
  std::error_code failure;
  fs::recursive_directory_iterator walk(folder, failure);
  for (; !failure && walk != fs::recursive_directory_iterator(); walk.increment(failure)) {
    std::error_code ignored;
    if (walk->path().filename().string().front() == '.') {
      walk.disable_recursion_pending();
    } else if (walk->is_regular_file(ignored)) {
      const auto saved = walk->last_write_time(ignored).time_since_epoch().count();
      seen[walk->path().string()] =
          std::to_string(saved) + '/' + std::to_string(walk->file_size(ignored));
    }
  }
  std::string signature;
  for (const auto& [path, saved] : seen) {
    signature.append(path).append("=").append(saved).append("\n");
  }
  return signature;
}

}  // namespace passmint::app
