#pragma once

#include <algorithm>
#include <vector>

namespace passmint::bench {

// REQUIRES: not empty.
inline double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace passmint::bench
