#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace passmint::design {

// A template folder in memory: "template.json", "images/strip@2x.png", "locales/ru.json" -> bytes.
// Paths use '/', are relative, and name regular files only; who reads a disk or a zip checks that
// first (CheckFiles says so again).
using TemplateFiles = std::map<std::string, std::string>;

// Limits on what a designer may hand in; each bounds memory and time of a lint.
inline constexpr std::size_t kTemplateFilesMax = 512;
inline constexpr std::size_t kTemplateJsonBytesMax = 256 * 1024;
inline constexpr std::size_t kLocaleJsonBytesMax = 256 * 1024;
inline constexpr std::size_t kImageBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kTemplateBytesMax = 32 * 1024 * 1024;
inline constexpr unsigned kImageSidePixelsMax = 4096;

}  // namespace passmint::design
