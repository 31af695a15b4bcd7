#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace passmint::design {

// A template folder in memory: "template.json", "images/strip@2x.png", "locales/ru.json" -> bytes.
// Paths use '/', are relative, and name regular files only; who reads a disk or a zip checks that
// first (Compile says so again).
using TemplateFiles = std::map<std::string, std::string>;

// Limits on what a designer may hand in; each bounds memory and time of a lint.
inline constexpr std::size_t kTemplateFilesMax = 512;
inline constexpr std::size_t kTemplateJsonBytesMax = 256 * 1024;
inline constexpr std::size_t kLocaleJsonBytesMax = 256 * 1024;
inline constexpr std::size_t kImageBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kTemplateBytesMax = 32 * 1024 * 1024;
inline constexpr unsigned kImageSidePixelsMax = 4096;
// Of all pictures together: decoded they take four bytes a pixel.
inline constexpr std::int64_t kTemplatePixelsMax = 48'000'000;
// Stamp strips that a template may ask for, over counts, scales and languages.
inline constexpr std::size_t kDrawnStripsMax = 400;
inline constexpr std::size_t kFilePathBytesMax = 200;

}  // namespace passmint::design
