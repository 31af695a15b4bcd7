#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "app/card_commands.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/programme_commands.h"
#include "app/simulate_commands.h"
#include "app/sync_commands.h"
#include "base/result.h"

// What the parts of the command line share.
namespace passmint::app {

// What the arguments ask for.
using Run = std::function<Status(const Console&)>;

// A verb that runs `command(options)`.
template <class O>
CLI::App* AddVerb(CLI::App& parent, const char* name, const char* about, const char* example,
                  Run& run, Status (*command)(const O&, const Console&), const O& options) {
  CLI::App* verb = parent.add_subcommand(name, about);
  verb->footer(std::string("\nExample:\n  $ passmint ") + example);
  verb->callback([&run, command, &options] {
    run = [command, &options](const Console& console) { return command(options, console); };
  });
  return verb;
}

// A verb with verbs of its own.
CLI::App* AddGroup(CLI::App& parent, const char* name, const char* about);

// Options that many verbs have: --config; --config and --programme; those and a card's values.
void AddConfig(CLI::App& verb, std::string& config);
void AddSite(CLI::App& verb, SiteChoice& site);
void AddData(CLI::App& verb, TemplateOptions& design);

// What the verbs of `passmint template` write their options into.
struct TemplateVerbs {
  TemplateOptions design;
  TemplateImportOptions import;
  TemplateRolloutOptions rollout;
  TemplateSyncOptions sync;
};
// Of all that follow: `run` and `options` outlive `app`.
void AddTemplateVerbs(CLI::App& app, Run& run, TemplateVerbs& options);

void AddProgrammeVerbs(CLI::App& app, Run& run, ProgrammeOptions& programme);

struct LedgerVerbs {
  LedgerOptions ledger;
  LedgerImportOptions import;
};
void AddLedgerVerbs(CLI::App& app, Run& run, LedgerVerbs& options);
// `passmint backup` and `restore`.
void AddBackupVerbs(CLI::App& app, Run& run, BackupOptions& backup);

// What `passmint simulate` and its verbs write their options into.
struct SimulateVerbs {
  SimulateFleetOptions fleet;
  SimulateGoogleOptions google;
  SimulateApnsOptions apns;
};
void AddSimulateVerbs(CLI::App& app, Run& run, SimulateVerbs& options);

}  // namespace passmint::app
