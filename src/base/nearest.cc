#include "base/nearest.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace passmint {
namespace {

template <class Name>
std::string_view FindNearest(std::string_view name, const std::vector<Name>& known) {
  std::string_view best;
  std::size_t best_edits = std::numeric_limits<std::size_t>::max();
  for (const std::string_view candidate : known) {
    const std::size_t edits = Edits(name, candidate);
    if (edits < best_edits) {
      best = candidate;
      best_edits = edits;
    }
  }
  return best;
}

}  // namespace

std::size_t Edits(std::string_view from, std::string_view to) {
  from = from.substr(0, kComparedNameMax);
  to = to.substr(0, kComparedNameMax);
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({above + 1, row[j - 1] + 1, replaced});
      diagonal = above;
    }
  }
  return row[to.size()];
}

std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& known) {
  return FindNearest(name, known);
}

std::string_view Nearest(std::string_view name, const std::vector<std::string>& known) {
  return FindNearest(name, known);
}

}  // namespace passmint
