#pragma once

#include <string_view>
#include <vector>

namespace passmint::design::internal {

// The one of `known` with the fewest edits (insert, remove, replace a byte) from `name`; the first
// of several. Only the first 64 bytes count. "" if `known` is empty.
std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace passmint::design::internal
