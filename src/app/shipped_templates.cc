#include "app/shipped_templates.h"

#include <string_view>
#include <utility>

#include "zip/reader.h"

// The build packs templates/ into a zip archive; the assembler puts its bytes here, which takes no
// time, unlike an array of a million numbers.
__asm__(
    ".section .rodata\n"
    ".global passmint_templates_begin\n"
    ".global passmint_templates_end\n"
    ".balign 16\n"
    "passmint_templates_begin:\n"
    ".incbin \"" PASSMINT_TEMPLATES_ZIP
    "\"\n"
    "passmint_templates_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" const char passmint_templates_begin[];
extern "C" const char passmint_templates_end[];

namespace passmint::app {

Result<std::map<std::string, design::TemplateFiles>> ShippedTemplates() {
  const std::string_view bytes(
      passmint_templates_begin,
      static_cast<std::size_t>(passmint_templates_end - passmint_templates_begin));
  auto archive = zip::ReadArchive(bytes);
  if (!archive.ok()) {
    return Error{.code = ErrorCode::kInternal,
                 .message = "shipped templates: " + archive.error().message};
  }
  std::map<std::string, design::TemplateFiles> templates;
  for (zip::Entry& entry : archive.value().entries) {
    const std::size_t slash = entry.name.find('/');
    if (slash == std::string::npos) continue;  // A README of the folder.
    templates[entry.name.substr(0, slash)].emplace(entry.name.substr(slash + 1),
                                                   std::move(entry.bytes));
  }
  for (auto it = templates.begin(); it != templates.end();) {
    it = it->second.count("template.json") == 0 ? templates.erase(it) : std::next(it);
  }
  return templates;
}

}  // namespace passmint::app
