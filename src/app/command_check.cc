#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "app/commands.h"
#include "app/files.h"
#include "app/settings.h"
#include "app/site_loader.h"
#include "app/system_clock.h"
#include "issuance/designs.h"
#include "store/open.h"

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

constexpr std::size_t kSqliteHeaderBytes = 16;

// Whether a store can be there, or made. What is in an SQLite file only serve finds out, since
// looking into it takes locks that a command which promises to write nothing should not take.
Remark CheckStore(const Settings& settings) {
  if (settings.store.postgresql_url != nullptr) {
    static const SystemClock clock;
    const auto found =
        store::Inspect(settings.store.postgresql_url->RevealForSerialization(), clock);
    if (found.ok()) return {RemarkLevel::kGood, "store", found.value(), ""};
    return {RemarkLevel::kBad, "store", found.error().message, found.error().hint};
  }
  const std::filesystem::path& file = settings.store.sqlite_file;
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    return {RemarkLevel::kBad, "store", folder.string() + ": no folder that we may write to",
            "make the folder, owned by the user who runs passmint"};
  }
  std::error_code failure;
  if (!std::filesystem::exists(file, failure)) {
    return {RemarkLevel::kGood, "store", file.string() + " will be made", ""};
  }
  std::ifstream stream(file, std::ios::binary);
  char header[kSqliteHeaderBytes] = {};
  stream.read(header, sizeof header);
  const std::string_view found(header, static_cast<std::size_t>(stream.gcount()));
  if (!found.empty() && found.substr(0, 15) != "SQLite format 3") {
    return {RemarkLevel::kBad, "store", file.string() + ": is no SQLite database",
            "name another file in store.url"};
  }
  return {RemarkLevel::kGood, "store", file.string(), ""};
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
  loaded.remarks.push_back(CheckStore(settings.value()));
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
