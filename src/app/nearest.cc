#include "app/nearest.h"

#include <algorithm>
#include <cstddef>

namespace passmint::app {
namespace {

std::size_t Edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string Nearest(std::string_view name, const std::vector<std::string>& known) {
  constexpr std::size_t kNameMax = 200;  // Longer names are nobody's typing error.
  std::string nearest;
  std::size_t fewest = static_cast<std::size_t>(-1);
  for (const std::string& candidate : known) {
    const std::size_t edits = Edits(name.substr(0, kNameMax), candidate);
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace passmint::app
