#include "issuance/template_import.h"

#include <string_view>

namespace passmint::issuance {
namespace {

constexpr std::string_view kTemplate = "template.json";
constexpr std::string_view kPass = "pass.json";

bool IsOfTheSystem(std::string_view path) {
  const auto slash = path.rfind('/');
  const std::string_view file = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return path.starts_with("__MACOSX/") || file == ".DS_Store" || file == "Thumbs.db";
}

// "Card/" if `file` is at the root of that folder and not at the root of the archive.
std::string WrapperOf(const std::map<std::string, std::string>& files, std::string_view file) {
  for (const auto& [path, bytes] : files) {
    const std::size_t slash = path.find('/');
    if (slash == std::string::npos || IsOfTheSystem(path)) continue;
    if (std::string_view(path).substr(slash + 1) == file) return path.substr(0, slash + 1);
  }
  return "";
}

}  // namespace

Result<apple::ImportedPass> ImportTemplate(const std::map<std::string, std::string>& archive) {
  std::string wrapper;
  if (!archive.contains(std::string(kTemplate)) && !archive.contains(std::string(kPass))) {
    wrapper = WrapperOf(archive, kTemplate);
    if (wrapper.empty()) wrapper = WrapperOf(archive, kPass);
  }
  std::map<std::string, std::string> files;
  for (const auto& [path, bytes] : archive) {
    if (IsOfTheSystem(path) || !path.starts_with(wrapper)) continue;
    files.emplace(path.substr(wrapper.size()), bytes);
  }
  if (files.contains(std::string(kTemplate))) return apple::ImportedPass{std::move(files), {}};
  return apple::ImportPass(files);
}

}  // namespace passmint::issuance
