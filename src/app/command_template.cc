#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/card_data.h"
#include "app/commands.h"
#include "app/files.h"
#include "app/preview.h"
#include "app/system_clock.h"
#include "app/workbench.h"
#include "apple/pass_json.h"
#include "design/values.h"
#include "google/layout.h"
#include "google/wallet_class.h"
#include "google/wallet_object.h"
#include "issuance/designs.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

constexpr char kSampleSerial[] = "specimen";

std::string Place(const design::Finding& finding) {
  return finding.file + (finding.pointer.empty() ? "" : "#" + finding.pointer);
}

// What Apple's phone is given: pass.json and the strings, readable.
Status WriteApple(const Workbench& bench, const design::Design& design,
                  const design::RenderedCard& card, const fs::path& folder) {
  const apple::PassEnvironment environment =
      issuance::AppleEnvironment(*bench.site, bench.programme());
  const auto writer = apple::PassWriter::Make(design, environment);
  if (!writer.ok()) return writer.error();
  const apple::PassTexts texts =
      writer.value().Write(card, {.serial = SerialNumber(kSampleSerial)});
  const auto parsed = json::Parse(texts.pass_json, kCardDataBytesMax * 4);
  if (!parsed.ok()) return parsed.error();
  if (Status wrote = WriteNewFile(folder / "pass.json", json::DumpPretty(parsed.value()));
      !wrote.ok())
    return wrote;
  const auto& strings = texts.strings.empty() ? writer.value().fixed_strings() : texts.strings;
  const auto& languages = design.source().languages;
  for (std::size_t i = 0; i < strings.size() && i < languages.size(); ++i) {
    const fs::path lproj = folder / (languages[i] + ".lproj");
    if (Status made = MakeFolders(lproj); !made.ok()) return made;
    if (Status wrote = WriteNewFile(lproj / "pass.strings", strings[i]); !wrote.ok()) return wrote;
  }
  return {};
}

Status WriteGoogle(const Workbench& bench, const design::Design& design,
                   const design::RenderedCard& card, const fs::path& folder) {
  const auto environment = issuance::GoogleEnvironment(*bench.site, bench.programme());
  const auto layout = google::MakeLayout(design, environment);
  if (!layout) return {};  // A boarding pass.
  const ClassId class_id = google::MakeClassId(
      environment.issuer, bench.programme().programme.id.str() + "." + bench.name.str());
  const ObjectId object_id = google::MakeObjectId(environment.issuer, kSampleSerial);
  const Json card_class = google::MakeClass(*layout, class_id);
  const Json object = google::MakeObject(*layout, card, class_id, object_id);
  if (Status wrote = WriteNewFile(folder / "class.json", json::DumpPretty(card_class)); !wrote.ok())
    return wrote;
  return WriteNewFile(folder / "object.json", json::DumpPretty(object));
}

std::string FileNameOf(const std::string& slot, const design::ImageFile& image) {
  const std::string scale = image.scale == 1 ? "" : fmt::format("@{}x", image.scale);
  const std::string folder = image.language.empty() ? "" : image.language + ".lproj/";
  return folder + slot + scale + ".png";
}

Status WriteImages(const design::Design& design, const design::RenderedCard& card,
                   const fs::path& folder) {
  for (std::size_t i = 0; i < design.slots().size(); ++i) {
    const design::ImageSlot& slot = design.slots()[i];
    for (const design::ImageFile& image : slot.variants[card.image_variants[i]].files) {
      const fs::path file = folder / "images" / FileNameOf(slot.name, image);
      if (Status made = MakeFolders(file.parent_path()); !made.ok()) return made;
      if (Status wrote = WriteNewFile(file, *image.png); !wrote.ok()) return wrote;
    }
  }
  return {};
}

// Whether one of the template's texts names the variable.
bool Uses(const design::TemplateFiles& files, const design::Variable& variable) {
  const std::string_view name = variable.name;
  const std::string_view stem = name.ends_with('*') ? name.substr(0, name.size() - 1) : name;
  return std::any_of(files.begin(), files.end(), [&](const auto& file) {
    return file.first.ends_with(".json") && file.second.find(stem) != std::string::npos;
  });
}

}  // namespace

Status RunTemplateLint(const TemplateOptions& options, const Console& console) {
  const auto bench = OpenWorkbench(options, console);
  if (!bench.ok()) return bench.error();
  const auto findings = issuance::LintTemplate(bench.value().files, *bench.value().site,
                                               bench.value().programme(), SystemClock().Now());
  std::size_t errors = 0;
  for (const design::Finding& finding : findings) {
    if (finding.level == design::Level::kError) ++errors;
    console.out << fmt::format("{} {} {}\n    {}\n    cure: {}\n", finding.id,
                               design::Name(finding.level), Place(finding), finding.cause,
                               finding.cure);
  }
  if (errors > 0) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = fmt::format("{}: {} errors, {} findings", options.folder, errors,
                                        findings.size())};
  }
  console.Progress(fmt::format("{}: no errors, {} findings", options.folder, findings.size()));
  return {};
}

Status RunTemplateRender(const TemplateOptions& options, const Console& console) {
  const auto bench = OpenWorkbench(options, console);
  if (!bench.ok()) return bench.error();
  const auto design = CompileTemplate(bench.value(), console);
  if (!design.ok()) return design.error();
  const auto values = ReadValues(options, bench.value());
  if (!values.ok()) return values.error();
  const design::RenderedCard card = design.value()->Render(values.value(), StateOf(values.value()));
  const fs::path folder = options.output;
  std::error_code failure;
  if (fs::exists(folder, failure) && !fs::is_empty(folder, failure)) {
    return Error{.code = ErrorCode::kConflict,
                 .message = options.output + ": is not empty",
                 .hint = "name a folder that does not exist yet"};
  }
  for (const char* wallet : {"apple", "google"}) {
    if (Status made = MakeFolders(folder / wallet); !made.ok()) return made;
  }
  if (Status wrote = WriteApple(bench.value(), *design.value(), card, folder / "apple");
      !wrote.ok())
    return wrote;
  if (Status wrote = WriteGoogle(bench.value(), *design.value(), card, folder / "google");
      !wrote.ok())
    return wrote;
  if (Status wrote = WriteImages(*design.value(), card, folder); !wrote.ok()) return wrote;
  console.Progress("wrote apple/, google/ and images/ into " + options.output);
  return {};
}

Status RunTemplatePreview(const TemplateOptions& options, const Console& console) {
  const auto bench = OpenWorkbench(options, console);
  if (!bench.ok()) return bench.error();
  const auto design = CompileTemplate(bench.value(), console);
  if (!design.ok()) return design.error();
  const auto values = ReadValues(options, bench.value());
  if (!values.ok()) return values.error();
  const design::RenderedCard card = design.value()->Render(values.value(), StateOf(values.value()));
  return WriteOutput(options.output, PreviewPage(*design.value(), card), console);
}

Status RunTemplateVariables(const TemplateOptions& options, const Console& console) {
  design::TemplateFiles files;
  if (!options.folder.empty()) {
    auto read = ReadTemplateFolder(options.folder);
    if (!read.ok()) return std::move(read).error();
    files = std::move(read).value();
  }
  for (const design::Variable& variable : design::Variables()) {
    console.out << fmt::format("{}{:<25}{:<9}{}\n", Uses(files, variable) ? "* " : "  ",
                               variable.name, design::Name(variable.type), variable.meaning);
  }
  return {};
}

}  // namespace passmint::app
