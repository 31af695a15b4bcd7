#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "design/template_files.h"

namespace passmint::app {

// The disk, as the command line and the wiring need it. Messages name the path and what the system
// said.

// The whole content of a regular file (or of a pipe: it is read to its end). Fails with kNotFound,
// kTooLarge over `bytes_max`, kUnavailable.
Result<std::string> ReadFile(const std::filesystem::path& file, std::size_t bytes_max);

// A file that nobody but its owner may read (mode 0600 or stricter). Fails as ReadFile, and with
// kInvalidArgument, reason "secret_file_mode", if group or others have any right on it.
Result<Secret> ReadSecretFile(const std::filesystem::path& file, std::size_t bytes_max);

// Whether group or others may read or write the file. False if it cannot be looked at.
bool IsOpenToOthers(const std::filesystem::path& file);

// Writes a new file whole and durable, readable for all (0644), or for the owner only (0600).
// Replaces nothing: fails with kConflict if the file exists, else with kUnavailable.
Status WriteNewFile(const std::filesystem::path& file, std::string_view content);
Status WriteNewSecretFile(const std::filesystem::path& file, const Secret& content);

// The same, but puts the new content in the place of an older file in one step. The parent folder
// must exist. Fails with kUnavailable.
Status ReplaceFile(const std::filesystem::path& file, std::string_view content);

// mkdir -p. Fails with kUnavailable.
Status MakeFolders(const std::filesystem::path& folder);

// A template folder as bytes: template.json, images/*, locales/* and a README.md, which is left
// out. Symbolic links and anything that is no regular file are refused, hidden files are passed
// over, as editors and file managers leave them. Fails with kNotFound, kUnavailable, kTooLarge (a
// limit of design/template_files.h) and kInvalidArgument.
Result<design::TemplateFiles> ReadTemplateFolder(const std::filesystem::path& folder);

}  // namespace passmint::app
