#pragma once

#include <string>

#include "app/commands.h"
#include "app/console.h"
#include "base/result.h"

// Verbs that say how far changes have got on their way to phones: as app/commands.h.
namespace passmint::app {

struct CardTraceOptions {
  SiteChoice site = {kDefaultConfig, ""};
  std::string number;
};
Status RunCardTrace(const CardTraceOptions& options, const Console& console);

struct TemplateRolloutOptions {
  SiteChoice site = {kDefaultConfig, ""};
  std::string name;
  std::string order;   // "pause", "resume", "cancel"; empty: only says how far it is.
  int per_second = 0;  // Cards from now on; 0: as it was.
};
Status RunTemplateRollout(const TemplateRolloutOptions& options, const Console& console);

}  // namespace passmint::app
