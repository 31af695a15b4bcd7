#include "app/internal/cli_verbs.h"

namespace passmint::app {
namespace {

constexpr char kDataFooter[] =
    "\nA data file is a JSON object of variables (passmint template variables),\n"
    "nested or flat: {\"member\": {\"name\": \"Anna\"}, \"points.available\": 499}.\n"
    "Money is whole minor units, instants are RFC 3339, dates are YYYY-MM-DD.\n"
    "Samples: typical, empty, longest, zero, million, vip.\n";

}  // namespace

CLI::App* AddGroup(CLI::App& parent, const char* name, const char* about) {
  CLI::App* group = parent.add_subcommand(name, about);
  group->require_subcommand(1);
  return group;
}

void AddConfig(CLI::App& verb, std::string& config) {
  verb.add_option("--config", config, "Settings of the site")->type_name("FILE");
}

void AddSite(CLI::App& verb, SiteChoice& site) {
  AddConfig(verb, site.config);
  verb.add_option("--programme", site.programme, "Id of the programme (default: the first)")
      ->type_name("ID");
}

void AddData(CLI::App& verb, TemplateOptions& design) {
  CLI::Option* data =
      verb.add_option("--data", design.data, "JSON file with the card's values")->type_name("FILE");
  verb.add_option("--sample", design.sample, "Sample member instead (default: typical)")
      ->type_name("NAME")
      ->excludes(data);
  AddSite(verb, design.site);
  verb.footer(kDataFooter + verb.get_footer());
}

}  // namespace passmint::app
