#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace passmint::app {

// The one of `known` that takes the fewest edits (Levenshtein) to become `name`, for "did you
// mean". The first of equals; "" if there is none.
std::string Nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace passmint::app
