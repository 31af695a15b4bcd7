#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "app/files.h"
#include "app/programme_commands.h"
#include "app/settings.h"
#include "app/system_clock.h"
#include "app/tool_store.h"
#include "crypto/digest.h"
#include "issuance/replay.h"
#include "issuance/rule_sets.h"

namespace passmint::app {
namespace {

// What linting has to know of a programme: its zone and currency.
Result<issuance::ProgrammeSite> Choose(const SiteChoice& choice, const Settings& settings) {
  std::string ids;
  for (const ProgrammeSettings& candidate : settings.programmes) {
    const std::string& id = candidate.programme.id.str();
    if (choice.programme.empty() || choice.programme == id) {
      return issuance::ProgrammeSite{
          .programme = candidate.programme, .apple = nullptr, .google = nullptr};
    }
    ids += (ids.empty() ? "" : ", ") + id;
  }
  return Error{
      .code = ErrorCode::kNotFound,
      .message = fmt::format("there is no programme \"{}\" in the settings", choice.programme),
      .hint = "programmes are " + ids};
}

Result<Json> ReadRules(const std::string& file) {
  const auto text = ReadFile(file, issuance::kRulesBytesMax);
  if (!text.ok()) return text.error();
  auto rules = json::Parse(text.value(), issuance::kRulesBytesMax);
  if (!rules.ok()) return Annotate(std::move(rules).error(), file);
  return rules;
}

// Prints the findings. Fails as RulesDoNotLint if some are errors.
Status Lint(const Json& rules, const issuance::ProgrammeSite& programme, const std::string& file,
            const Console& console) {
  const programme::LintReport report = issuance::LintRules(rules, programme);
  for (const programme::Finding& finding : report.findings) {
    const bool is_error = finding.level == programme::Finding::Level::kError;
    console.out << fmt::format("{} {} {}#{}\n    {}\n    cure: {}\n", finding.id,
                               is_error ? "error" : "warning", file, finding.pointer, finding.cause,
                               finding.cure);
    if (!finding.example.is_null()) {
      console.out << "    example: " << json::Dump(finding.example) << '\n';
    }
  }
  if (!report.publishable()) return Annotate(issuance::RulesDoNotLint(report), file);
  console.Progress(
      fmt::format("{}: no errors, {} findings; at most {:.1f} % of a price is paid out", file,
                  report.findings.size(), static_cast<double>(report.payout_ppm_max) / 10'000));
  return {};
}

Result<std::optional<Timestamp>> StartOf(const ProgrammeOptions& options) {
  if (options.effective_from.empty()) return std::optional<Timestamp>();
  auto start = ParseRfc3339(options.effective_from);
  if (!start.ok()) return Annotate(std::move(start).error(), "--effective-from");
  return std::optional<Timestamp>(start.value());
}

constexpr std::int64_t kOrdersBetweenProgress = 10'000;

Result<issuance::ReplayRequest> TimeOf(const ProgrammeOptions& options) {
  const auto from = ParseRfc3339(options.from);
  if (!from.ok()) return Annotate(from.error(), "--from");
  const auto to =
      options.to.empty() ? Result<Timestamp>(SystemClock().Now()) : ParseRfc3339(options.to);
  if (!to.ok()) return Annotate(to.error(), "--to");
  return issuance::ReplayRequest{.from = from.value(), .to = to.value()};
}

// `read_shown`: how many were said to be read; members are read without another order.
void ShowProgress(const issuance::ReplayProgress& progress, std::int64_t& read_shown,
                  const Console& console) {
  if (!progress.to_judge) {
    if (progress.read % kOrdersBetweenProgress != 0 || progress.read == read_shown) return;
    read_shown = progress.read;
    return console.Progress(fmt::format("{} orders read", progress.read));
  }
  const bool done = progress.judged == *progress.to_judge;
  if (!done && progress.judged % kOrdersBetweenProgress != 0) return;
  console.Progress(fmt::format("{} of {} orders judged", progress.judged, *progress.to_judge));
}

void PrintReplay(const issuance::Replay& replay, const Console& console) {
  console.out << fmt::format(
      "{} orders, {} would have earned something else\n"
      "points earned {} -> {}, spent {} -> {}\n"
      "{} members would have got more, {} less\n",
      replay.orders, replay.changed, replay.earned.now, replay.earned.draft, replay.spent.now,
      replay.spent.draft, replay.gain, replay.lose);
  if (replay.refused > 0) {
    console.out << fmt::format("{} orders cannot be judged by these rules\n", replay.refused);
  }
  for (const issuance::ReplayedBudget& budget : replay.budgets) {
    console.out << fmt::format("budget {}: {} of {}\n", budget.id, budget.spent,
                               budget.cap ? std::to_string(*budget.cap) : "any number");
  }
  for (const issuance::ReplayedOrder& order : replay.examples) {
    console.out << fmt::format("order {} of {}: {} -> {}\n", order.id.str(), order.source.str(),
                               order.earned.now, order.earned.draft);
  }
}

Status RequireDesigns(issuance::Transaction& transaction, const cards::Programme& programme,
                      const std::string& content) {
  const auto rules = json::Parse(content, issuance::kRulesBytesMax);
  if (!rules.ok()) return rules.error();
  programme::LintReport report;
  Status linted = issuance::LintDesigns(transaction, programme, rules.value(), report);
  if (!linted.ok() || report.publishable()) return linted;
  return issuance::RulesDoNotLint(report);
}

Status Publish(issuance::Store& store, const cards::Programme& programme,
               const issuance::RulesPublication& publication, const Console& console) {
  std::string said;
  Status written = store.Write([&](issuance::Transaction& transaction) -> Status {
    auto view = issuance::GetRules(transaction, programme.id);
    if (!view.ok()) return std::move(view).error();
    Status designs = RequireDesigns(transaction, programme, publication.content);
    if (!designs.ok()) return designs;
    const auto& versions = view.value().versions;
    if (!publication.effective_from && !versions.empty() &&
        versions.front().hash == crypto::Sha256Hex(publication.content)) {
      said = fmt::format("version {} has these rules already", versions.front().version);
      return {};
    }
    auto version = issuance::PublishRules(transaction, programme.id, publication);
    if (!version.ok()) return std::move(version).error();
    said = fmt::format("published version {}, in effect from {}", version.value().version,
                       FormatRfc3339(version.value().effective_from));
    return {};
  });
  if (written.ok()) console.Progress(said);
  return written;
}

}  // namespace

Status RunProgrammeLint(const ProgrammeOptions& options, const Console& console) {
  auto rules = ReadRules(options.file);
  if (!rules.ok()) return std::move(rules).error();
  std::error_code failure;
  if (options.site.config == kDefaultConfig && !std::filesystem::exists(kDefaultConfig, failure)) {
    const issuance::ProgrammeSite anywhere{.programme = {.id = ProgrammeId("any"),
                                                         .name = "any",
                                                         .currency = *Currency::Find("EUR"),
                                                         .time_zone = "UTC",
                                                         .region = "DE",
                                                         .languages = {"en"},
                                                         .templates = {},
                                                         .card_number = {}},
                                           .apple = nullptr,
                                           .google = nullptr};
    return Lint(rules.value(), anywhere, options.file, console);
  }
  const auto settings = LoadSettings(options.site.config);
  if (!settings.ok()) return settings.error();
  const auto programme = Choose(options.site, settings.value());
  if (!programme.ok()) return programme.error();
  return Lint(rules.value(), programme.value(), options.file, console);
}

Status RunProgrammeApply(const ProgrammeOptions& options, const Console& console) {
  const auto settings = LoadSettings(options.site.config);
  if (!settings.ok()) return settings.error();
  const auto programme = Choose(options.site, settings.value());
  if (!programme.ok()) return programme.error();
  const auto rules = ReadRules(options.file);
  if (!rules.ok()) return rules.error();
  const auto start = StartOf(options);
  if (!start.ok()) return start.error();
  if (Status fine = Lint(rules.value(), programme.value(), options.file, console); !fine.ok()) {
    return fine;
  }
  const auto store = OpenToolStore(settings.value());
  if (!store.ok()) return store.error();
  return Publish(*store.value(), programme.value().programme,
                 {.content = json::Dump(rules.value()),
                  .effective_from = start.value(),
                  .author = ApiKeyName("command line"),
                  .published_by = ApiKeyName("command line"),
                  .comment = options.comment},
                 console);
}

Status RunProgrammeReplay(const ProgrammeOptions& options, const Console& console) {
  const auto settings = LoadSettings(options.site.config);
  if (!settings.ok()) return settings.error();
  const auto programme = Choose(options.site, settings.value());
  if (!programme.ok()) return programme.error();
  const auto content = ReadRules(options.file);
  if (!content.ok()) return content.error();
  const auto rules = programme::ParseRules(content.value(), 1);
  if (!rules.ok()) return Annotate(rules.error(), options.file);
  const auto time = TimeOf(options);
  if (!time.ok()) return time.error();
  const auto store = OpenToolStore(settings.value());
  if (!store.ok()) return store.error();
  std::int64_t read_shown = 0;
  const auto replay =
      issuance::ReplayRules(*store.value(), programme.value(), rules.value(), time.value(),
                            [&console, &read_shown](const issuance::ReplayProgress& progress) {
                              ShowProgress(progress, read_shown, console);
                              return true;
                            });
  if (!replay.ok()) return replay.error();
  PrintReplay(replay.value(), console);
  return {};
}

Status RunProgrammeHistory(const ProgrammeOptions& options, const Console& console) {
  const auto settings = LoadSettings(options.site.config);
  if (!settings.ok()) return settings.error();
  const auto programme = Choose(options.site, settings.value());
  if (!programme.ok()) return programme.error();
  const auto store = OpenToolStore(settings.value());
  if (!store.ok()) return store.error();
  std::optional<issuance::RulesView> view;
  Status read = store.value()->Read([&](issuance::Transaction& transaction) -> Status {
    auto found = issuance::GetRules(transaction, programme.value().programme.id);
    if (!found.ok()) return std::move(found).error();
    view = std::move(found).value();
    return {};
  });
  if (!read.ok()) return read;
  const issuance::RuleSetVersion* live = view->live();
  for (const issuance::RuleSetVersion& version : view->versions) {
    console.out << fmt::format("{:>4} {} from {}  by {}  {}{}\n", version.version,
                               version.hash.substr(0, 12), FormatRfc3339(version.effective_from),
                               version.published_by.str(), version.comment,
                               &version == live ? "  (in effect)" : "");
  }
  return {};
}

}  // namespace passmint::app
