#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace passmint::zip::internal {

// `name` in quotes for a message: short, printable and UTF-8, whatever it is.
std::string Quote(std::string_view name);

Error DuplicateName(std::string_view name);

// Sorts `names`. Fails as WriteArchive does on a bad or repeated name.
Status CheckNames(std::vector<std::string_view>& names);

}  // namespace passmint::zip::internal
