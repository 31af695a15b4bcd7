#include "app/internal/cli_verbs.h"
#include "issuance/rollout_pace.h"

namespace passmint::app {
namespace {

void AddTemplateSyncVerbs(CLI::App& group, Run& run, TemplateVerbs& options) {
  CLI::App* import =
      AddVerb(group, "import", "Makes a template folder of a pass or of Apple's template.",
              "template import card.pkpass --output mine", run, &RunTemplateImport, options.import);
  import->add_option("FILE", options.import.file, ".pkpass, or zip of a .pkpasstemplate")
      ->required();
  import->add_option("--output", options.import.output, "New folder")->required()->type_name("DIR");

  const auto add = [&](const char* name, const char* about, const char* example,
                       Status (*command)(const TemplateSyncOptions&, const Console&)) {
    CLI::App* verb = AddVerb(group, name, about, example, run, command, options.sync);
    verb->add_option("DIR", options.sync.folder, "The template's folder")->required();
    verb->add_option("--name", options.sync.name, "The template (default: as pulled, or as DIR)");
    AddSite(*verb, options.sync.site);
  };
  add("pull", "Writes the draft into a folder.",
      "template pull mine --name points --config site/passmint.toml", &RunTemplatePull);
  add("push", "Makes the folder the draft.", "template push mine --config site/passmint.toml",
      &RunTemplatePush);
  add("watch", "Keeps folder and draft the same while you edit: the studio's preview follows.",
      "template watch mine --config site/passmint.toml", &RunTemplateWatch);
}

}  // namespace

void AddTemplateVerbs(CLI::App& app, Run& run, TemplateVerbs& options) {
  CLI::App* group = AddGroup(app, "template", "Works on the folder of a card design.");
  TemplateOptions& design = options.design;
  CLI::App* lint = AddVerb(*group, "lint", "Says what is wrong with a template, and the cure.",
                           "template lint templates/points", run, &RunTemplateLint, design);
  lint->add_option("DIR", design.folder, "The template's folder")->required();
  AddSite(*lint, design.site);

  CLI::App* render =
      AddVerb(*group, "render", "Writes what both wallets will be given, unsigned.",
              "template render templates/points --output out", run, &RunTemplateRender, design);
  render->add_option("DIR", design.folder, "The template's folder")->required();
  AddData(*render, design);
  render->add_option("--output", design.output, "New folder")->required()->type_name("DIR");

  CLI::App* preview = AddVerb(*group, "preview", "Draws both wallets' cards into one HTML page.",
                              "template preview templates/points --output card.html", run,
                              &RunTemplatePreview, design);
  preview->add_option("DIR", design.folder, "The template's folder")->required();
  AddData(*preview, design);
  preview->add_option("--output", design.output, "HTML file, or -")->required()->type_name("FILE");

  TemplateRolloutOptions& rollout = options.rollout;
  CLI::App* steer = AddVerb(*group, "rollout", "Says how far phones were told of a new design.",
                            "template rollout points --config site/passmint.toml", run,
                            &RunTemplateRollout, rollout);
  steer->add_option("NAME", rollout.name, "The template")->required();
  steer->add_option("ORDER", rollout.order, "pause, resume or cancel")
      ->check(CLI::IsMember({"pause", "resume", "cancel"}));
  steer->add_option("--per-second", rollout.per_second, "Cards whose phones are told a second")
      ->check(CLI::Range(1, issuance::kRolloutCardsPerSecondMax));
  AddSite(*steer, rollout.site);

  CLI::App* variables = AddVerb(*group, "variables", "Lists what a template may show.",
                                "template variables", run, &RunTemplateVariables, design);
  variables->add_option("DIR", design.folder, "Marks those that this template uses");
  AddTemplateSyncVerbs(*group, run, options);
}

}  // namespace passmint::app
