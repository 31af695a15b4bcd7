#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "app/commands.h"
#include "app/console.h"
#include "app/simulate_commands.h"
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

// What `passmint simulate` and its verbs write their options into.
struct SimulateVerbs {
  SimulateFleetOptions fleet;
  SimulateGoogleOptions google;
  SimulateApnsOptions apns;
};
// `run` and `options` outlive `app`.
void AddSimulateVerbs(CLI::App& app, Run& run, SimulateVerbs& options);

}  // namespace passmint::app
