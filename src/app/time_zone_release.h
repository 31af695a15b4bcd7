#pragma once

#include <string>

namespace passmint::app {

// The release of this machine's time zones, such as "2025b"; "unknown" if it does not say.
std::string TimeZoneRelease();

}  // namespace passmint::app
