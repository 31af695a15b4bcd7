#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace passmint {

// Longer names are nobody's typing error: only so many bytes of each name are compared, which also
// bounds the work.
inline constexpr std::size_t kComparedNameMax = 64;

// Edits (insert, remove or replace a byte; Levenshtein) between the first kComparedNameMax bytes of
// both.
std::size_t Edits(std::string_view from, std::string_view to);

// The one of `known` with the fewest edits from `name`, for "did you mean"; the first of equals, ""
// if `known` is empty. Points into `known`.
std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& known);
std::string_view Nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace passmint
