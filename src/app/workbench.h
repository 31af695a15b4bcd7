#pragma once

#include <memory>
#include <string>

#include "app/commands.h"
#include "base/result.h"
#include "design/design.h"
#include "issuance/site.h"

namespace passmint::app {

// What commands that make single cards without a store work on: a programme, a template and the
// values of one card.
struct Workbench {
  std::unique_ptr<issuance::Site> site;  // With exactly one programme.
  TemplateName name;                     // The folder's.
  design::TemplateFiles files;

  const issuance::ProgrammeSite& programme() const { return site->programmes.begin()->second; }
};

// Reads the template's folder, and of the site's settings what belongs to the chosen programme.
// Without --config it takes passmint.toml of the current folder, and without one a made-up
// programme that has no wallets. Warnings go to the console.
Result<Workbench> OpenWorkbench(const TemplateOptions& options, const Console& console);

// Fails with kInvalidArgument, reason "does_not_lint", and every error found.
Result<std::shared_ptr<const design::Design>> CompileTemplate(const Workbench& bench,
                                                              const Console& console);

// The values of --data or --sample; the typical sample if neither was given.
Result<design::Values> ReadValues(const TemplateOptions& options, const Workbench& bench);

// The bytes to `output`, or to standard output if that is "-" and no terminal. Replaces a file.
Status WriteOutput(const std::string& output, std::string_view bytes, const Console& console);

}  // namespace passmint::app
