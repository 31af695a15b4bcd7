#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "design/text.h"

namespace passmint::design::internal {

// kPlain: a string of template.json. Only "{{name}}" and "\{{" mean something.
// kMessage: a string of a locale. Also ICU MessageFormat's {name}, plural, selectordinal, select,
// and its apostrophes: '' is one, '{' quotes up to the next.
enum class Syntax { kPlain, kMessage };

struct SyntaxProblem {
  bool unknown_variable = false;  // Else the form is wrong.
  std::string cause;
  std::string cure;
};

struct ParsedText {
  std::vector<Text::Part> parts;  // Neighbouring literals are one.
  std::optional<SyntaxProblem> problem;
};

// Nesting of plurals and selects; a sentence with more is unreadable anyway.
inline constexpr int kMessageDepthMax = 4;

// Pure. Bounded by the length of `source` and kMessageDepthMax.
ParsedText ParseTextSyntax(std::string_view source, Syntax syntax);

}  // namespace passmint::design::internal
