#include "app/workbench.h"

#include <filesystem>
#include <utility>

#include "app/card_data.h"
#include "app/files.h"
#include "app/settings.h"
#include "app/site_loader.h"
#include "app/system_clock.h"
#include "crypto/system_random.h"
#include "issuance/designs.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

// What a template is tried out in where there is no site.
std::unique_ptr<issuance::Site> MadeUpSite() {
  auto site = std::make_unique<issuance::Site>();
  site->public_url = "https://cards.example.com";
  site->google_save_url = "https://pay.google.com/gp/v/save/";
  site->random = std::make_shared<crypto::SystemRandom>();
  const cards::Programme programme = {.id = ProgrammeId("demo"),
                                      .name = "Bean & Leaf",
                                      .currency = *Currency::Find("RUB"),
                                      .time_zone = "Europe/Moscow",
                                      .region = "RU",
                                      .languages = {"en", "ru"},
                                      .templates = {},
                                      .card_number = {}};
  site->programmes.emplace(programme.id, issuance::ProgrammeSite{programme, nullptr, nullptr, {}});
  return site;
}

Result<std::unique_ptr<issuance::Site>> ChooseSite(const SiteChoice& choice,
                                                   const Console& console) {
  std::error_code failure;
  std::string config = choice.config;
  if (config.empty() && fs::exists(kDefaultConfig, failure)) config = kDefaultConfig;
  if (config.empty() && choice.programme.empty()) return MadeUpSite();
  if (config.empty()) config = kDefaultConfig;
  const auto settings = LoadSettings(config);
  if (!settings.ok()) return settings.error();
  LoadedSite loaded = LoadProgramme(settings.value(), choice.programme, SystemClock().Now());
  if (!loaded.ok()) return Refusal(loaded.remarks);
  for (const Remark& remark : loaded.remarks) {
    if (remark.level == RemarkLevel::kWarning) console.Warn(remark.subject + ": " + remark.text);
  }
  return std::move(loaded.site);
}

}  // namespace

Result<Workbench> OpenWorkbench(const TemplateOptions& options, const Console& console) {
  auto files = ReadTemplateFolder(options.folder);
  if (!files.ok()) return std::move(files).error();
  auto site = ChooseSite(options.site, console);
  if (!site.ok()) return std::move(site).error();
  const fs::path folder = fs::absolute(options.folder).lexically_normal();
  const std::string name =
      (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  return Workbench{std::move(site).value(), TemplateName(name), std::move(files).value()};
}

Result<std::shared_ptr<const design::Design>> CompileTemplate(const Workbench& bench,
                                                              const Console& console) {
  auto ready =
      issuance::PreparePublish(bench.files, *bench.site, bench.programme(), SystemClock().Now());
  if (!ready.ok()) {
    Error error = std::move(ready).error();
    if (error.hint.empty()) error.hint = "passmint template lint says it in full";
    return error;
  }
  for (const design::Finding& finding : ready.value().findings) {
    if (finding.level == design::Level::kWarning) console.Warn(finding.id + ": " + finding.cause);
  }
  return ready.value().design;
}

Result<design::Values> ReadValues(const TemplateOptions& options, const Workbench& bench) {
  const Currency& currency = bench.programme().programme.currency;
  if (options.data.empty())
    return FindSample(options.sample.empty() ? "typical" : options.sample, currency);
  const auto content = ReadFile(options.data, kCardDataBytesMax);
  if (!content.ok()) return content.error();
  auto values = ParseCardData(content.value(), currency);
  if (!values.ok()) return Annotate(std::move(values).error(), options.data);
  return values;
}

Status WriteOutput(const std::string& output, std::string_view bytes, const Console& console) {
  if (output != "-") return ReplaceFile(output, bytes);
  if (console.out_is_terminal) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "standard output is a terminal",
                 .hint = "name a file with --output, or send the output into one"};
  }
  console.out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return {};
}

}  // namespace passmint::app
