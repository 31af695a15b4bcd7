#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "design/text.h"

namespace passmint::design::internal {

// One ICU argument with cases, parsed: "{points.available, plural, =0 {none} one {# point} ...}".
struct Message {
  enum class Type { kPlural, kOrdinal, kSelect };

  struct Case {
    std::string selector;  // "one", "other"; of a select any word.
    bool exact = false;    // "=5".
    std::int64_t number = 0;
    std::vector<Text::Part> parts;
  };

  Type type = Type::kPlural;
  std::string name;          // Of the variable.
  std::size_t variable = 0;  // Index into Variables().
  std::int64_t offset = 0;   // Taken off before the category is chosen and '#' is printed.
  std::vector<Case> cases;
  std::size_t other = 0;  // The case to fall back on.
};

}  // namespace passmint::design::internal
