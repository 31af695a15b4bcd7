#pragma once

#include <string>

#include "app/commands.h"
#include "app/console.h"
#include "base/result.h"

// Verbs that bring templates in, and keep a folder and a draft in step: as app/commands.h.
namespace passmint::app {

struct TemplateImportOptions {
  std::string file;    // A .pkpass, or a zip of a .pkpasstemplate or of a template folder.
  std::string output;  // A new folder.
};
// Says on standard output what became something else or was left out.
Status RunTemplateImport(const TemplateImportOptions& options, const Console& console);

struct TemplateSyncOptions {
  SiteChoice site = {kDefaultConfig, ""};
  std::string folder;
  std::string name;  // Of the template; empty: what the folder was pulled from, else its own name.
};
// The draft into the folder. Fails with kConflict if the folder has changes that were never pushed.
Status RunTemplatePull(const TemplateSyncOptions& options, const Console& console);
// The folder into the draft. Fails with kPreconditionFailed if somebody has changed the draft since
// both agreed.
Status RunTemplatePush(const TemplateSyncOptions& options, const Console& console);
// Pushes after each save and pulls what the studio saves, until the process is told to stop or both
// sides have changed: then it fails with kConflict and both are as they were.
Status RunTemplateWatch(const TemplateSyncOptions& options, const Console& console);

}  // namespace passmint::app
