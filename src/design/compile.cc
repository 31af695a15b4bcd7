#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "design/design.h"
#include "design/internal/locales.h"
#include "design/internal/object_reader.h"
#include "design/internal/renderer.h"
#include "design/internal/report.h"
#include "design/internal/template_parser.h"
#include "design/internal/text_parser.h"
#include "json/json.h"

namespace passmint::design {
namespace {

using internal::ParsedTemplate;
using internal::Report;

class CompiledDesign final : public Design {
 public:
  CompiledDesign(internal::Renderer renderer, ProgrammeFacts programme,
                 std::vector<ImageSlot> slots, Findings findings, std::string hash)
      : renderer_(std::move(renderer)),
        programme_(std::move(programme)),
        slots_(std::move(slots)),
        findings_(std::move(findings)),
        hash_(std::move(hash)) {}

  const Template& source() const override { return renderer_.source(); }
  const ProgrammeFacts& programme() const override { return programme_; }
  const std::vector<ImageSlot>& slots() const override { return slots_; }
  const Findings& findings() const override { return findings_; }
  const std::string& hash() const override { return hash_; }

  RenderedCard Render(const Values& values, CardState state) const override {
    return renderer_.Render(values, state);
  }

 private:
  internal::Renderer renderer_;
  ProgrammeFacts programme_;
  std::vector<ImageSlot> slots_;
  Findings findings_;
  std::string hash_;
};

// Each name and content behind its length, so that no two folders read the same.
std::string HashFiles(const TemplateFiles& files) {
  std::string all = "passmint-template-1";
  for (const auto& [name, bytes] : files) {
    all += '\n' + std::to_string(name.size()) + ' ' + std::to_string(bytes.size()) + '\n' + name;
    all += crypto::Sha256(bytes);
  }
  return ToHex(crypto::Sha256(all));
}

ParsedTemplate ParseFiles(const TemplateFiles& files, const ProgrammeFacts& programme,
                          Report& report) {
  const auto file = files.find("template.json");
  if (file == files.end()) {
    report.Error("T01", {}, "there is no template.json", "Add it at the top of the folder.");
    return {};
  }
  const auto root = json::Parse(file->second, kTemplateJsonBytesMax);
  if (!root.ok()) {
    report.Error("T01", {}, "template.json: " + root.error().message, "Mend the JSON there.");
    return {};
  }
  const std::vector<std::string> languages = internal::ParseLanguages(root.value(), report);
  internal::Locales locales(files, languages, report);
  internal::TextParser texts(locales, report);
  internal::TemplateParser parser(texts, programme, report);
  ParsedTemplate parsed = parser.Parse(root.value(), languages);
  locales.ReportUnused(report);
  return parsed;
}

}  // namespace

Compiled Compile(const TemplateFiles& files, const ProgrammeFacts& programme) {
  Report report;
  ParsedTemplate parsed = ParseFiles(files, programme, report);
  Compiled compiled;
  compiled.findings = report.findings();
  if (report.has_errors()) return compiled;
  internal::Renderer renderer(std::move(parsed), programme, {});
  compiled.design = std::make_shared<const CompiledDesign>(std::move(renderer), programme,
                                                           std::vector<ImageSlot>(),
                                                           report.findings(), HashFiles(files));
  return compiled;
}

Findings LintFiles(const TemplateFiles& files, const ProgrammeFacts& programme) {
  Report report;
  (void)ParseFiles(files, programme, report);
  return report.findings();
}

Status CheckSuccessor(const Template& published, const Template& next) {
  if (published.kind == next.kind) return {};
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = "the published template is " + std::string(Name(published.kind)) +
                          ", this one is " + std::string(Name(next.kind)),
               .reason = "kind_changed",
               .hint = "publish it as a new template"};
}

}  // namespace passmint::design
