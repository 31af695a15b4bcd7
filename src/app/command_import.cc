#include <fmt/format.h>

#include <utility>

#include "app/commands.h"
#include "app/guarded_store.h"
#include "app/ledger_import.h"
#include "app/settings.h"
#include "app/site_loader.h"
#include "app/system_clock.h"
#include "app/tool_store.h"

namespace passmint::app {
namespace {

constexpr std::chrono::seconds kProgressEvery{2};
// Of a file that is wrong from end to end the first lines say enough.
constexpr std::int64_t kBadLinesShown = 100;

// What the import says on the way.
ImportEvents EventsOn(const Console& console, const char* doing) {
  const SystemClock clock;
  return {.on_bad_line =
              [&console, shown = std::int64_t{0}](std::int64_t line, const Error& error) mutable {
                if (++shown > kBadLinesShown) return;
                std::string text = error.problems.empty() ? error.message : "";
                for (const InputProblem& problem : error.problems) {
                  text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", problem.pointer,
                                      problem.detail);
                }
                console.out << fmt::format("BAD   line={}: {}\n", line, text);
                if (shown == kBadLinesShown) console.out << "BAD   further lines are not shown\n";
              },
          .on_progress =
              [&console, clock, doing, last = clock.Now()](
                  std::int64_t lines, const issuance::ImportTally& tally) mutable {
                const Timestamp now = clock.Now();
                if (now - last < kProgressEvery) return;
                last = now;
                console.Progress(fmt::format("{} line {}: {} imported, {} known, {} refused", doing,
                                             lines, tally.imported, tally.known, tally.refused));
              }};
}

Status RequireWritable(const issuance::Store& store) {
  if (Status whole = CheckRestored(store); !whole.ok()) return whole;
  const auto why = ReadSetting(store, kReadOnlyReason);
  if (!why.ok()) return why.error();
  if (why.value().empty()) return {};
  return Error{.code = ErrorCode::kConflict,
               .message = "the store is read-only: " + why.value(),
               .reason = "restored_older",
               .hint = "passmint ledger accept-loss"};
}

// Cards need a design; that of a new site is published when it is served for the first time.
Status RequireDesign(const issuance::Store& store, const cards::Programme& programme) {
  return store.Read([&](issuance::Transaction& transaction) -> Status {
    auto versions = transaction.DesignVersions(programme.id, programme.templates.front());
    if (!versions.ok()) return std::move(versions).error();
    if (!versions.value().empty()) return {};
    return Error{.code = ErrorCode::kConflict,
                 .message = "the store has no published template for the members' cards",
                 .hint = "passmint serve imports those of the settings when it starts"};
  });
}

}  // namespace

Status RunLedgerImport(const LedgerImportOptions& options, const Console& console) {
  const auto settings = LoadSettings(options.site.config);
  if (!settings.ok()) return settings.error();
  const Timestamp now = SystemClock().Now();
  const LoadedSite loaded = LoadSite(settings.value(), now);
  if (!loaded.ok()) return Refusal(loaded.remarks);
  const ProgrammeId id = options.site.programme.empty()
                             ? settings.value().programmes.front().programme.id
                             : ProgrammeId(options.site.programme);
  const issuance::ProgrammeSite* programme = loaded.site->Find(id);
  if (programme == nullptr) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "there is no programme \"" + id.str() + "\" in the settings"};
  }
  const auto lines =
      CheckImportFile(options.file, *loaded.site, *programme, now, EventsOn(console, "checked"));
  if (!lines.ok()) return lines.error();
  if (options.check) {
    console.out << fmt::format("ok    {} lines can be imported\n", lines.value());
    return {};
  }
  const auto store = OpenToolStore(settings.value());
  if (!store.ok()) return store.error();
  if (Status may = RequireWritable(*store.value()); !may.ok()) return may;
  if (Status may = RequireDesign(*store.value(), programme->programme); !may.ok()) return may;
  const auto tally = ImportFile(options.file, *store.value(), *loaded.site, *programme, now,
                                EventsOn(console, "imported"));
  if (!tally.ok()) {
    Error error = tally.error();
    if (error.hint.empty()) error.hint = "import the same file again: what is there stays as it is";
    return error;
  }
  console.out << fmt::format("{} {} imported, {} known, {} refused\n",
                             tally.value().refused == 0 ? "ok   " : "BAD  ", tally.value().imported,
                             tally.value().known, tally.value().refused);
  if (tally.value().refused == 0) return {};
  return Error{.code = ErrorCode::kConflict,
               .message = fmt::format("{} lines were refused", tally.value().refused),
               .hint = "mend them and import the same file again: what is there stays as it is"};
}

}  // namespace passmint::app
