#pragma once

#include <string>

#include "app/commands.h"
#include "app/console.h"
#include "base/result.h"

// Verbs about a programme's rules: as app/commands.h.
namespace passmint::app {

struct ProgrammeOptions {
  SiteChoice site = {kDefaultConfig, ""};
  std::string file;            // Of lint and apply: a rule set.
  std::string effective_from;  // Of apply: RFC 3339; empty: at once.
  std::string comment;         // Of apply.
  std::string from;            // Of replay: RFC 3339.
  std::string to;              // Of replay; empty: now.
};
// Says what is wrong with a rule set. Works without a store, and without --config in UTC.
Status RunProgrammeLint(const ProgrammeOptions& options, const Console& console);
// Publishes a rule set beside the running service; the newest again changes nothing.
Status RunProgrammeApply(const ProgrammeOptions& options, const Console& console);
// Says what a rule set would have given for past orders. Changes nothing.
Status RunProgrammeReplay(const ProgrammeOptions& options, const Console& console);
// Lists what was published.
Status RunProgrammeHistory(const ProgrammeOptions& options, const Console& console);

}  // namespace passmint::app
