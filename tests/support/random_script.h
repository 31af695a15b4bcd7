#pragma once

#include <cstdint>
#include <vector>

#include "support/ledger_script.h"

namespace passmint::testing {

// Which kinds of steps a script has, and how often: another mixture for every seed, so that some
// scripts consist of holds, some of refunds of few orders, some never move the clock.
std::vector<StepKind> Mixture(std::uint32_t seed);

// A script for what is too slow to try again and shrink. The same seed gives the same script.
Script RandomScript(std::uint32_t seed, int steps, ClockRules clock);

}  // namespace passmint::testing
