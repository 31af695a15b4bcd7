#include "app/internal/cli_verbs.h"

namespace passmint::app {

void AddProgrammeVerbs(CLI::App& app, Run& run, ProgrammeOptions& programme) {
  CLI::App* group = AddGroup(app, "programme", "The rules by which points are earned and spent.");
  CLI::App* lint = AddVerb(*group, "lint", "Says what is wrong with a rule set, and the cure.",
                           "programme lint rules.json", run, &RunProgrammeLint, programme);
  lint->add_option("FILE", programme.file, "The rule set, JSON")->required();
  AddSite(*lint, programme.site);

  CLI::App* apply = AddVerb(*group, "apply", "Publishes a rule set; the service may run meanwhile.",
                            "programme apply rules.json --config site/passmint.toml", run,
                            &RunProgrammeApply, programme);
  apply->add_option("FILE", programme.file, "The rule set, JSON")->required();
  AddSite(*apply, programme.site);
  apply->add_option("--effective-from", programme.effective_from, "For orders paid then (now)")
      ->type_name("TIME");
  apply->add_option("--comment", programme.comment, "What is new, for the history")
      ->type_name("TEXT");

  CLI::App* replay =
      AddVerb(*group, "replay", "Says what a rule set would have given for past orders.",
              "programme replay rules.json --from 2026-11-01T00:00:00+03:00", run,
              &RunProgrammeReplay, programme);
  replay->add_option("FILE", programme.file, "The rule set, JSON")->required();
  AddSite(*replay, programme.site);
  replay->add_option("--from", programme.from, "Orders paid then or later")
      ->required()
      ->type_name("TIME");
  replay->add_option("--to", programme.to, "and before; at most 31 days (now)")->type_name("TIME");

  CLI::App* history = AddVerb(*group, "history", "Lists the published rule sets, newest first.",
                              "programme history --config site/passmint.toml", run,
                              &RunProgrammeHistory, programme);
  AddSite(*history, programme.site);
}

}  // namespace passmint::app
