#pragma once

#include "app/console.h"

namespace passmint::app {

// The command line of design.md section 8: reads the arguments, runs the verb, reports failures.
// Returns the exit code: 0 done, 1 failed, 2 wrong usage.
int RunCommandLine(int argument_count, const char* const* arguments, const Console& console);

}  // namespace passmint::app
