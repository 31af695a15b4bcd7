#include <fmt/format.h>

#include "app/commands.h"
#include "app/files.h"
#include "app/settings.h"
#include "app/site_loader.h"
#include "app/system_clock.h"
#include "issuance/designs.h"

namespace passmint::app {
namespace {

const char* Word(RemarkLevel level) {
  switch (level) {
    case RemarkLevel::kGood:
      return "ok   ";
    case RemarkLevel::kWarning:
      return "warn ";
    case RemarkLevel::kBad:
      return "BAD  ";
  }
  return "";
}

// The templates that serve would import into an empty store.
void CheckTemplates(const Settings& settings, const issuance::Site& site, Timestamp now,
                    std::vector<Remark>& remarks) {
  for (const ProgrammeSettings& programme : settings.programmes) {
    for (std::size_t i = 0; i < programme.templates.size(); ++i) {
      const std::string subject = "programme " + programme.programme.id.str() + ": template " +
                                  programme.programme.templates[i].str();
      const auto files = ReadTemplateFolder(programme.templates[i]);
      if (!files.ok()) {
        remarks.push_back({RemarkLevel::kBad, subject, files.error().message, files.error().hint});
        continue;
      }
      const auto findings =
          issuance::LintTemplate(files.value(), site, *site.Find(programme.programme.id), now);
      const auto errors = std::count_if(findings.begin(), findings.end(), [](const auto& finding) {
        return finding.level == design::Level::kError;
      });
      if (errors > 0) {
        remarks.push_back({RemarkLevel::kBad, subject, fmt::format("{} errors", errors),
                           "passmint template lint " + programme.templates[i].string()});
      } else {
        remarks.push_back(
            {RemarkLevel::kGood, subject, fmt::format("{} files", files.value().size()), ""});
      }
    }
  }
}

}  // namespace

Status RunCheck(const CheckOptions& options, const Console& console) {
  if (options.explain) {
    console.out << ExplainSettings();
    return {};
  }
  const Timestamp now = SystemClock().Now();
  const auto settings = LoadSettings(options.config);
  if (!settings.ok()) return settings.error();
  LoadedSite loaded = LoadSite(settings.value(), now);
  if (loaded.ok()) CheckTemplates(settings.value(), *loaded.site, now, loaded.remarks);
  bool is_good = true;
  for (const Remark& remark : loaded.remarks) {
    console.out << Word(remark.level) << remark.subject << ": " << remark.text << '\n';
    if (!remark.hint.empty()) console.out << "     " << remark.hint << '\n';
    is_good = is_good && remark.level != RemarkLevel::kBad;
  }
  if (!is_good) return Refusal(loaded.remarks);
  console.Progress("serve would start");
  return {};
}

}  // namespace passmint::app
