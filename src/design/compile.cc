#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "calendar/time_zone.h"
#include "crypto/digest.h"
#include "design/design.h"
#include "design/internal/image_index.h"
#include "design/internal/image_maker.h"
#include "design/internal/image_plan.h"
#include "design/internal/locales.h"
#include "design/internal/object_reader.h"
#include "design/internal/renderer.h"
#include "design/internal/report.h"
#include "design/internal/rules.h"
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

bool HasSlot(const internal::ImagePlan& plan, std::string_view name) {
  return std::any_of(plan.slots.begin(), plan.slots.end(),
                     [&](const internal::SlotPlan& slot) { return slot.rule->name == name; });
}

// What can be said without decoding a picture.
struct Read {
  ParsedTemplate parsed;
  std::unique_ptr<internal::ImageIndex> index;  // Points into the files.
  internal::ImagePlan images;                   // Points into the index.
};

std::vector<internal::VariantChooser> Choosers(const internal::ImagePlan& plan) {
  std::vector<internal::VariantChooser> choosers;
  for (const internal::SlotPlan& slot : plan.slots) choosers.push_back(slot.chooser);
  return choosers;
}

void CheckProgramme(const ProgrammeFacts& programme, Report& report) {
  if (!Currency::Find(programme.currency)) {
    report.Error("T22", {}, internal::Quote(programme.currency) + " is no currency in use",
                 "Mend \"currency\" in the programme's settings.");
  }
  if (!calendar::TimeZone::Find(programme.time_zone).ok()) {
    report.Error("T22", {}, internal::Quote(programme.time_zone) + " is no time zone",
                 "Mend \"time_zone\" in the programme's settings.");
  }
}

Read ReadFiles(const TemplateFiles& files, const ProgrammeFacts& programme, Report& report) {
  Read read;
  CheckProgramme(programme, report);
  const auto file = files.find("template.json");
  if (file == files.end()) {
    report.Error("T01", {}, "there is no template.json", "Add it at the top of the folder.");
    return read;
  }
  const auto root = json::Parse(file->second, kTemplateJsonBytesMax);
  if (!root.ok()) {
    report.Error("T01", {}, "template.json: " + root.error().message, "Mend the JSON there.");
    return read;
  }
  const std::vector<std::string> languages = internal::ParseLanguages(root.value(), report);
  internal::CheckFiles(files, languages, report);
  if (files.size() > kTemplateFilesMax) return read;
  internal::Locales locales(files, languages, report);
  internal::TextParser texts(locales, report);
  read.parsed = internal::TemplateParser(texts, programme, report).Parse(root.value(), languages);
  locales.ReportUnused(report);
  const Template& source = read.parsed.source;
  read.index = std::make_unique<internal::ImageIndex>(files, languages, report);
  read.images = internal::PlanImages(source, *read.index, report);
  internal::CheckContrast(source.colors, report);
  internal::CheckContact(source, report);
  internal::CheckKind(source, HasSlot(read.images, "logo"), report);
  return read;
}

template <class MakeSlots, class Hash>
Compiled CompileWith(const TemplateFiles& files, const ProgrammeFacts& programme,
                     MakeSlots make_slots, Hash hash) {
  Report report;
  Read read = ReadFiles(files, programme, report);
  Compiled compiled;
  std::vector<ImageSlot> slots;
  if (!report.has_errors()) slots = make_slots(read, report);
  if (!report.has_errors()) {
    internal::Renderer renderer(std::move(read.parsed), programme, Choosers(read.images));
    internal::CheckSamples(renderer, programme, report);
    if (!report.has_errors()) {
      compiled.design = std::make_shared<const CompiledDesign>(
          std::move(renderer), programme, std::move(slots), report.findings(), hash(files));
    }
  }
  compiled.findings = report.findings();
  return compiled;
}

}  // namespace

Compiled Compile(const TemplateFiles& files, const ProgrammeFacts& programme) {
  return CompileWith(
      files, programme,
      [](const Read& read, Report& report) {
        return internal::MakeImages(read.images, read.parsed.source, report);
      },
      HashFiles);
}

Compiled CompileOutline(const TemplateFiles& files, const ProgrammeFacts& programme) {
  return CompileWith(
      files, programme,
      [](const Read& read, Report&) {
        return internal::OutlineImages(read.images, read.parsed.source);
      },
      [](const TemplateFiles&) { return std::string(); });
}

Result<std::string> DrawPicture(const TemplateFiles& files, const ProgrammeFacts& programme,
                                std::string_view slot, std::size_t variant,
                                std::string_view language) {
  Report report;
  const Read read = ReadFiles(files, programme, report);
  if (report.has_errors()) {
    return Error{.code = ErrorCode::kInvalidArgument, .message = "the template has errors"};
  }
  return internal::MakeImage(read.images, read.parsed.source, slot, variant, language);
}

Findings LintFiles(const TemplateFiles& files, const ProgrammeFacts& programme) {
  Report report;
  Read read = ReadFiles(files, programme, report);
  if (!report.has_errors()) {
    const internal::Renderer renderer(std::move(read.parsed), programme, Choosers(read.images));
    internal::CheckSamples(renderer, programme, report);
  }
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
