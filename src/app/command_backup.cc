#include <fmt/format.h>

#include <memory>
#include <utility>

#include "app/backup_file.h"
#include "app/checkpoints.h"
#include "app/commands.h"
#include "app/erasures.h"
#include "app/guarded_store.h"
#include "app/settings.h"
#include "app/system_clock.h"
#include "app/tool_store.h"
#include "issuance/ledger_audit.h"
#include "store/dump.h"
#include "store/open.h"

namespace passmint::app {
namespace {

// An empty store that nobody serves.
Result<std::unique_ptr<issuance::Store>> OpenEmptyStore(const Settings& settings) {
  static const SystemClock clock;
  auto store = store::Open(StoreUrl(settings).RevealForSerialization(), clock,
                           {.use = store::Use::kServe, .connections = 2, .vfs = {}, .report = {}});
  if (!store.ok()) return std::move(store).error();
  const auto empty = store::IsEmpty(store::DatabaseOf(*store.value()));
  if (!empty.ok()) return empty.error();
  if (empty.value()) return store;
  return Error{.code = ErrorCode::kConflict,
               .message = "the store is not empty; a restore would mix two histories",
               .reason = "store_not_empty",
               .hint = "name a new database in store.url"};
}

Status VerifyRestored(issuance::Store& store, const Console& console) {
  const auto programmes = store::ProgrammesWithAccounts(store::DatabaseOf(store));
  if (!programmes.ok()) return programmes.error();
  const auto report = issuance::VerifyJournals(
      store, programmes.value(), [](const ledger::JournalReport&) { return Status(); });
  if (!report.ok()) return report.error();
  console.Progress(fmt::format("verified {} accounts, {} entries", report.value().accounts,
                               report.value().entries));
  if (report.value().ok()) return {};
  for (const ledger::JournalFinding& finding : report.value().findings) {
    console.Warn(finding.programme.str() + ": " + finding.message);
  }
  return Error{.code = ErrorCode::kConflict,
               .message = fmt::format("the ledger in the backup is not sound: {} accounts",
                                      report.value().bad_accounts),
               .hint = "restore an older backup into an empty store"};
}

// Why the restored store must not be written to; empty if it has all that the newest checkpoint
// saw.
Result<std::string> LostSince(const issuance::Store& store, const Settings& settings,
                              const Console& console) {
  const auto key = LoadSigningKey(settings);
  if (!key.ok()) return key.error();
  const auto newest = NewestCheckpoint(settings.store.checkpoint_dir, key.value());
  if (!newest.ok()) return newest.error();
  if (!newest.value()) {
    console.Warn("there is no checkpoint to tell whether a newer backup exists");
    return std::string();
  }
  const auto compared = issuance::CompareWithStore(store, *newest.value());
  if (!compared.ok()) return compared.error();
  if (compared.value().bad == 0) return std::string();
  for (const ledger::LostHistory& lost : compared.value().lost) {
    console.Warn(lost.Describe(newest.value()->time));
  }
  return fmt::format(
      "the restored backup is older than the checkpoint of {}: {} of {} accounts lack entries",
      FormatRfc3339(newest.value()->time), compared.value().bad, compared.value().checked);
}

Status FinishRestore(issuance::Store& store, const Settings& settings, const Console& console) {
  if (Status sound = VerifyRestored(store, console); !sound.ok()) return sound;
  const auto erased = EraseAgain(store, settings.store.checkpoint_dir);
  if (!erased.ok()) return erased.error();
  if (erased.value() > 0) {
    console.Progress(fmt::format("erased {} members who were erased after it", erased.value()));
  }
  const auto lost = LostSince(store, settings, console);
  if (!lost.ok()) return lost.error();
  if (Status noted = WriteSetting(store, kReadOnlyReason, lost.value()); !noted.ok()) return noted;
  if (Status done = WriteSetting(store, kRestoreState, "done"); !done.ok()) return done;
  if (!lost.value().empty()) {
    console.Warn(lost.value());
    console.Warn("serve will refuse every write");
    console.Hint("restore a newer backup, or: passmint ledger accept-loss");
  }
  return {};
}

}  // namespace

Status RunBackup(const BackupOptions& options, const Console& console) {
  const auto settings = LoadSettings(options.config);
  if (!settings.ok()) return settings.error();
  const auto store = OpenLedgerStore(settings.value());
  if (!store.ok()) return store.error();
  if (Status whole = CheckRestored(*store.value()); !whole.ok()) return whole;
  const auto report =
      WriteBackup(store::DatabaseOf(*store.value()), SystemClock().Now(), options.file);
  if (!report.ok()) return report.error();
  console.Progress(fmt::format("{}: {} rows, {} bytes", options.file, report.value().rows,
                               report.value().bytes));
  console.Progress("secrets/ and certs/ are not in it: keep copies of them elsewhere");
  return {};
}

Status RunRestore(const BackupOptions& options, const Console& console) {
  const auto settings = LoadSettings(options.config);
  if (!settings.ok()) return settings.error();
  const auto backup = CheckBackup(options.file);
  if (!backup.ok()) return backup.error();
  const auto store = OpenEmptyStore(settings.value());
  if (!store.ok()) return store.error();
  console.Progress(fmt::format("restoring {} rows as of {}", backup.value().rows,
                               FormatRfc3339(backup.value().head.time)));
  // Until it is done nobody serves it.
  Status marked = WriteSetting(*store.value(), kRestoreState, "unfinished");
  if (!marked.ok()) return marked;
  const auto loaded = LoadBackup(options.file, store::DatabaseOf(*store.value()));
  if (!loaded.ok()) return loaded.error();
  if (Status refreshed = store.value()->RefreshStatistics(); !refreshed.ok()) return refreshed;
  if (Status finished = FinishRestore(*store.value(), settings.value(), console); !finished.ok()) {
    return finished;
  }
  console.Progress("restored " + options.file);
  return {};
}

}  // namespace passmint::app
