#include "app/internal/cli_verbs.h"

namespace passmint::app {
namespace {

CLI::App* AddLedgerVerb(CLI::App& group, const char* name, const char* about, Run& run,
                        Status (*command)(const LedgerOptions&, const Console&),
                        LedgerOptions& options) {
  const std::string example = std::string("ledger ") + name + " --config site/passmint.toml";
  CLI::App* verb = AddVerb(group, name, about, example.c_str(), run, command, options);
  AddConfig(*verb, options.config);
  return verb;
}

}  // namespace

void AddLedgerVerbs(CLI::App& app, Run& run, LedgerVerbs& options) {
  CLI::App* group = AddGroup(app, "ledger", "Proves and hands over the journal of points.");
  LedgerOptions& ledger = options.ledger;
  AddLedgerVerb(*group, "verify", "Says whether journals, balances and checkpoints are sound.", run,
                &RunLedgerVerify, ledger);
  CLI::App* out = AddLedgerVerb(*group, "export", "Writes every entry with its hash and bytes.",
                                run, &RunLedgerExport, ledger);
  out->add_option("--format", ledger.format, "jsonl or csv")
      ->check(CLI::IsMember({"jsonl", "csv"}))
      ->capture_default_str();
  out->add_option("--programme", ledger.programme, "Only this one")->type_name("ID");
  out->add_option("--output", ledger.output, "New file, or -")
      ->type_name("FILE")
      ->capture_default_str();
  LedgerImportOptions& import = options.import;
  CLI::App* in = AddVerb(*group, "import", "Takes in members with points, and old orders.",
                         "ledger import --config site/passmint.toml members.jsonl", run,
                         &RunLedgerImport, import);
  AddSite(*in, import.site);
  in->add_flag("--check", import.check, "Look at the file and write nothing");
  in->add_option("FILE", import.file, "JSON Lines")->required();
  AddLedgerVerb(*group, "checkpoint", "Signs how far every journal has come.", run,
                &RunLedgerCheckpoint, ledger);
  AddLedgerVerb(*group, "confirm-clock", "Lets expiry go on after the clock jumped.", run,
                &RunLedgerConfirmClock, ledger);
  AddLedgerVerb(*group, "accept-loss", "Gives up what an older backup lacks; allows writing.", run,
                &RunLedgerAcceptLoss, ledger);
}

void AddBackupVerbs(CLI::App& app, Run& run, BackupOptions& backup) {
  CLI::App* save =
      AddVerb(app, "backup", "Writes everything in the store into one new file.",
              "backup passmint.backup --config site/passmint.toml", run, &RunBackup, backup);
  save->add_option("FILE", backup.file, "New file; one named .gz is compressed")->required();
  AddConfig(*save, backup.config);
  CLI::App* restore =
      AddVerb(app, "restore", "Reads a backup into an empty store.",
              "restore passmint.backup --config site/passmint.toml", run, &RunRestore, backup);
  restore->add_option("FILE", backup.file, "Made by passmint backup")->required();
  AddConfig(*restore, backup.config);
}

}  // namespace passmint::app
