#pragma once

#include <functional>
#include <map>
#include <stop_token>
#include <string>

#include "simulate/fleet.h"
#include "simulate/internal/fleet_crowd.h"

namespace passmint::simulate::internal {

// Lets things go wrong, one after the other, each kind once before any comes again, until the stop.
// Counts by name what happened. In the end all phones are online.
std::map<std::string, int> RunFaults(const FleetOptions& options, FleetCrowd& crowd,
                                     const std::stop_token& stop);

}  // namespace passmint::simulate::internal
