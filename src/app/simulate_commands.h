#pragma once

#include <cstdint>
#include <string>

#include "app/console.h"
#include "base/result.h"

// `passmint simulate` without a verb: as app/commands.h.
namespace passmint::app {

struct SimulateFleetOptions {
  int phones = 100;
  int google_accounts = 10;
  std::int64_t orders = 1000;
  std::int64_t orders_per_second = 0;  // 0: as fast as the service answers.
  int threads = 4;
  std::uint64_t seed = 1;
  bool faults = false;
  bool kill = false;  // With `faults`.
  int kills = 0;      // Likewise, so often and then no more; 0: as `kill` says.
  int settle_seconds_max = 120;
  int time_lapse = 600;  // An hour of the phones' patience takes this much less.
  std::string keep;      // A folder for site and log; empty: a temporary one, removed afterwards.
};
// Makes a throw-away site, a fake APNs and a fake Google, runs `passmint serve` on it as a process
// of its own, and a fleet against it. Fails with kConflict if a phone or Google shows anything but
// what the ledger says.
Status RunSimulateFleet(const SimulateFleetOptions& options, const Console& console);

}  // namespace passmint::app
