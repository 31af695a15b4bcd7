#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "design/design.h"
#include "json/json.h"

namespace passmint::design::test {

// A picture of one colour, more or less red.
std::string Png(int width, int height, std::uint8_t red = 200);

// A loyalty card in English and Russian that has no findings.
TemplateFiles GoodFiles();

// The same with RFC 7396 patches, given as JSON text.
TemplateFiles Patched(std::string_view template_patch, std::string_view en_patch = "{}",
                      std::string_view ru_patch = "{}");

// One of the other kinds: a good template of it.
TemplateFiles FilesOfKind(Kind kind);

ProgrammeFacts Programme();

// One line per finding: "T02 error template.json /logo_texts: ... -> ...".
std::string Describe(const Findings& findings);

bool Has(const Findings& findings, std::string_view id, std::string_view pointer,
         std::string_view file = "template.json");

// REQUIRES: the files compile; the test fails otherwise.
std::shared_ptr<const Design> MustCompile(const TemplateFiles& files);

// The folder tests/data/templates/<name> or templates/<name>, by its path below the source tree.
TemplateFiles ReadFolder(const std::string& path);

}  // namespace passmint::design::test
