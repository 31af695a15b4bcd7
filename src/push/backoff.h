#pragma once

#include <chrono>
#include <cstdint>

namespace passmint::push {

// How long to leave something alone after it has failed: twice as long each time.
struct BackOffPolicy {
  std::chrono::seconds first;    // Greater than 0.
  std::chrono::seconds longest;  // Not less than `first`, at most a year.
};

// The wait after the `attempts`-th failure in a row (1, 2, ...): a random time between half of
// first * 2^(attempts - 1) and the whole of it, so that those who failed together do not come back
// together. `dice`: any random number.
std::chrono::microseconds BackOff(const BackOffPolicy& policy, std::int64_t attempts,
                                  std::uint32_t dice);

}  // namespace passmint::push
