#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "app/checkpoints.h"
#include "app/commands.h"
#include "app/guarded_store.h"
#include "app/ledger_export.h"
#include "app/settings.h"
#include "app/system_clock.h"
#include "app/tool_store.h"
#include "issuance/ledger_audit.h"
#include "issuance/posting.h"
#include "store/dump.h"

namespace passmint::app {
namespace {

constexpr std::chrono::seconds kProgressEvery{2};

// A site's store and key, for verbs that work on the ledger.
struct Opened {
  Settings settings;
  std::unique_ptr<issuance::Store> store;
};

Result<Opened> OpenSite(const std::string& config) {
  auto settings = LoadSettings(config);
  if (!settings.ok()) return std::move(settings).error();
  auto store = OpenLedgerStore(settings.value());
  if (!store.ok()) return std::move(store).error();
  return Opened{std::move(settings).value(), std::move(store).value()};
}

// Says how far it is every other second.
issuance::OnAudit Progress(const Console& console) {
  const SystemClock clock;
  return [&console, clock, last = clock.Now()](const ledger::JournalReport& so_far) mutable {
    const Timestamp now = clock.Now();
    if (now - last >= kProgressEvery) {
      last = now;
      console.Progress(
          fmt::format("{} accounts, {} entries so far", so_far.accounts, so_far.entries));
    }
    return Status();
  };
}

void PrintJournals(const ledger::JournalReport& report, const Console& console) {
  for (const ledger::JournalFinding& finding : report.findings) {
    console.out << fmt::format("BAD   {} programme={} account={} sequence={}: {}\n", finding.reason,
                               finding.programme.str(), finding.account.str(), finding.sequence,
                               finding.message);
  }
  console.out << fmt::format("{} journals: {} accounts, {} entries, {} lots, {} holds, {} orders\n",
                             report.ok() ? "ok   " : "BAD  ", report.accounts, report.entries,
                             report.lots, report.holds, report.orders);
}

void PrintCheckpoints(const CheckpointsReport& report, const Console& console) {
  for (const std::string& wrong : report.wrong)
    console.out << "BAD   checkpoint: " << wrong << '\n';
  console.out << fmt::format("{} checkpoints: {} documents, {} heads compared\n",
                             report.wrong.empty() ? "ok   " : "BAD  ", report.documents,
                             report.leaves);
}

// Where an export goes: standard output or a new file.
Status ExportTo(std::ostream& out, const Opened& site, const LedgerOptions& options,
                const Console& console) {
  const auto programmes = store::ProgrammesWithAccounts(store::DatabaseOf(*site.store));
  if (!programmes.ok()) return programmes.error();
  const bool csv = options.format == "csv";
  if (csv) out << kExportCsvHead;
  std::int64_t entries = 0;
  std::int64_t unreadable = 0;
  for (const ProgrammeId& programme : programmes.value()) {
    if (!options.programme.empty() && options.programme != programme.str()) continue;
    Status done = issuance::ForEachEntry(
        *site.store, programme, [&](const issuance::JournalEntry& entry) -> Status {
          bool readable = true;
          out << (csv ? ExportCsvLine(programme, entry, readable)
                      : ExportJsonLine(programme, entry, readable));
          ++entries;
          if (!readable) ++unreadable;
          if (out.good()) return {};
          return Error{.code = ErrorCode::kUnavailable, .message = "the export cannot be written"};
        });
    if (!done.ok()) return done;
  }
  out.flush();
  if (!out.good()) {
    return Error{.code = ErrorCode::kUnavailable, .message = "the export cannot be written"};
  }
  console.Progress(fmt::format("{} entries", entries));
  if (unreadable == 0) return {};
  return Error{.code = ErrorCode::kConflict,
               .message = fmt::format("{} entries cannot be read; their bytes are in the export",
                                      unreadable),
               .hint = "passmint ledger verify names them"};
}

}  // namespace

Status RunLedgerVerify(const LedgerOptions& options, const Console& console) {
  const auto site = OpenSite(options.config);
  if (!site.ok()) return site.error();
  const issuance::Store& store = *site.value().store;
  const auto programmes = store::ProgrammesWithAccounts(store::DatabaseOf(*site.value().store));
  if (!programmes.ok()) return programmes.error();
  const auto journals = issuance::VerifyJournals(store, programmes.value(), Progress(console));
  if (!journals.ok()) return journals.error();
  PrintJournals(journals.value(), console);
  const auto key = LoadSigningKey(site.value().settings);
  if (!key.ok()) return key.error();
  const auto checkpoints =
      VerifyCheckpoints(store, site.value().settings.store.checkpoint_dir, key.value());
  if (!checkpoints.ok()) return checkpoints.error();
  PrintCheckpoints(checkpoints.value(), console);
  if (checkpoints.value().documents == 0) {
    console.Warn("without checkpoints nobody can tell whether the newest entries are missing");
  }
  if (journals.value().ok() && checkpoints.value().wrong.empty()) return {};
  return Error{
      .code = ErrorCode::kConflict,
      .message = fmt::format("the ledger is not sound: {} accounts, {} checkpoint findings",
                             journals.value().bad_accounts, checkpoints.value().wrong.size()),
      .hint = "keep a copy of the store as it is; then restore a backup made before"};
}

Status RunLedgerExport(const LedgerOptions& options, const Console& console) {
  const auto site = OpenSite(options.config);
  if (!site.ok()) return site.error();
  if (options.output == "-") return ExportTo(console.out, site.value(), options, console);
  if (std::filesystem::exists(options.output)) {
    return Error{.code = ErrorCode::kConflict, .message = options.output + ": exists already"};
  }
  std::ofstream file(options.output, std::ios::binary);
  if (!file) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = options.output + ": cannot be written"};
  }
  return ExportTo(file, site.value(), options, console);
}

Status RunLedgerCheckpoint(const LedgerOptions& options, const Console& console) {
  const auto site = OpenSite(options.config);
  if (!site.ok()) return site.error();
  const auto why = ReadSetting(*site.value().store, kReadOnlyReason);
  if (!why.ok()) return why.error();
  if (!why.value().empty()) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "the store is read-only: " + why.value(),
                 .reason = "restored_older",
                 .hint = "passmint ledger accept-loss"};
  }
  const auto key = LoadSigningKey(site.value().settings);
  if (!key.ok()) return key.error();
  const auto written =
      WriteCheckpoint(*site.value().store, site.value().settings.store.checkpoint_dir, key.value(),
                      Progress(console));
  if (!written.ok()) return written.error();
  const std::string accounts = fmt::format("{} accounts", written.value().checkpoint.leaves.size());
  if (written.value().file.empty()) {
    console.Progress(accounts + ", nothing has changed since the newest checkpoint");
    return {};
  }
  console.out << written.value().file.string() << '\n';
  console.Progress(accounts);
  return {};
}

Status RunLedgerConfirmClock(const LedgerOptions& options, const Console& console) {
  const auto site = OpenSite(options.config);
  if (!site.ok()) return site.error();
  const auto check = issuance::ConfirmClock(*site.value().store);
  if (!check.ok()) return check.error();
  const issuance::ClockCheck& was = check.value();
  console.Progress(fmt::format("it is {}, the last heartbeat was {}; {}", FormatRfc3339(was.now),
                               was.heartbeat ? FormatRfc3339(*was.heartbeat) : "never",
                               was.steady ? "nothing had stopped" : "posting goes on"));
  return {};
}

Status RunLedgerAcceptLoss(const LedgerOptions& options, const Console& console) {
  const auto site = OpenSite(options.config);
  if (!site.ok()) return site.error();
  issuance::Store& store = *site.value().store;
  const std::filesystem::path& folder = site.value().settings.store.checkpoint_dir;
  const auto why = ReadSetting(store, kReadOnlyReason);
  if (!why.ok()) return why.error();
  if (why.value().empty()) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "the store is not read-only; there is no loss to accept"};
  }
  const auto key = LoadSigningKey(site.value().settings);
  if (!key.ok()) return key.error();
  const auto aside = PutCheckpointsAside(folder, SystemClock().Now());
  if (!aside.ok()) return aside.error();
  const auto written = WriteCheckpoint(store, folder, key.value(), Progress(console));
  if (!written.ok()) return written.error();
  if (Status opened = WriteSetting(store, kReadOnlyReason, ""); !opened.ok()) return opened;
  console.Progress("given up: " + why.value());
  console.Progress("the checkpoints before are in " + aside.value().string());
  console.Progress("the store may be written to again");
  return {};
}

}  // namespace passmint::app
