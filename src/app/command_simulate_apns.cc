#include <iostream>

#include "app/commands.h"
#include "app/system_clock.h"
#include "simulate/fake_apns_tool.h"

namespace passmint::app {

Status RunSimulateApns(const SimulateApnsOptions& options, const Console& console) {
  const SystemClock clock;
  return simulate::RunFakeApnsTool({.apns = {.listen = options.listen,
                                             .streams_max = options.streams_max,
                                             .knows_tokens = options.knows_tokens,
                                             .anonymous_pass_type = options.anonymous_pass_type},
                                    .ca_file = options.ca_file},
                                   clock, std::cin, console.out);
}

}  // namespace passmint::app
