#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace passmint::design {

enum class Level { kError, kWarning, kInfo };

// One thing that lint found in a template. An error blocks publishing; a warning is shown and may
// stand.
struct Finding {
  // "T.." rules of the template folder itself, "P.." of reference 6.2 (Apple), "G.." of section 6
  // (Google).
  std::string id;
  Level level = Level::kError;
  std::string file = "template.json";  // The file of the folder that has to change.
  std::string pointer;  // JSON pointer into that file; "" for the whole, or not JSON.
  std::string cause;    // What is wrong, with the value found.
  std::string cure;     // What to write instead.

  friend bool operator==(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

// "error", "warning", "info".
std::string_view Name(Level level);

bool HasErrors(const Findings& findings);

}  // namespace passmint::design
