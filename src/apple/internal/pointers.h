#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "design/rendered_card.h"
#include "design/template.h"
#include "json/json.h"

namespace passmint::apple::internal {

// A place in the files that a designer or operator can change.
struct SourcePlace {
  std::string file;     // "template.json", or "passmint.toml" for what settings decide.
  std::string pointer;  // JSON pointer into it.
};

// Where the value at `pointer` of a pass.json came from. `source` is the template and `card` what
// it rendered. What the native patch says or reaches over is at "/apple/...".
SourcePlace FindSource(const design::Template& source, const design::RenderedCard& card,
                       std::string_view pointer);

}  // namespace passmint::apple::internal
