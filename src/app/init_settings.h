#pragma once

#include <string>
#include <vector>

namespace passmint::app {

struct DemoSite {
  std::string listen;
  std::string metrics_listen;
  std::string public_url;
  std::vector<std::string> templates;  // Names of folders in templates/.
};

// The rule set of a new site: 5 % of what money paid, for twelve months.
std::string DemoRules();

// The settings file of a new site, with a comment at each setting that people change.
std::string DemoSettings(const DemoSite& site);

}  // namespace passmint::app
