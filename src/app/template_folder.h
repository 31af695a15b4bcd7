#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "design/template_files.h"

namespace passmint::app {

// A folder on disk that is kept the same as a template's draft in the store. What both last agreed
// on stands in its hidden file ".passmint-draft", so that neither side's changes are overwritten
// unseen.
struct SyncMark {
  std::string name;  // Of the template.
  std::string tag;   // issuance::DraftTag of what both had.
};

// Nothing if the folder was never in step with a draft. Fails as ReadFile, and with
// kInvalidArgument on a mark that cannot be read.
Result<std::optional<SyncMark>> ReadSyncMark(const std::filesystem::path& folder);

// Makes the folder hold exactly `files`, file by file, each in one step, and marks it. Files that a
// template folder does not count (README.md, hidden ones) stay. Fails with kUnavailable.
Status WriteTemplateFolder(const std::filesystem::path& folder, const design::TemplateFiles& files,
                           const SyncMark& mark);

Status WriteSyncMark(const std::filesystem::path& folder, const SyncMark& mark);

// Changes whenever a file of the folder was saved: names, sizes and times, without reading them.
std::string FolderSignature(const std::filesystem::path& folder);

}  // namespace passmint::app
