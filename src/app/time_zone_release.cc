#include "app/time_zone_release.h"

#include <fstream>
#include <string_view>

namespace passmint::app {

std::string TimeZoneRelease() {
  // The first line of the source that Debian's tzdata installs beside the compiled zones.
  constexpr std::string_view kBefore = "# version ";
  std::string line;
  std::ifstream source("/usr/share/zoneinfo/tzdata.zi");
  if (!std::getline(source, line) || !line.starts_with(kBefore)) return "unknown";
  return line.substr(kBefore.size());
}

}  // namespace passmint::app
