#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "design/internal/locales.h"
#include "design/internal/report.h"
#include "design/text.h"

namespace passmint::design::internal {

// The longest text of template.json, in bytes; the terms on the back of a card fit.
inline constexpr std::size_t kTextBytesMax = 8000;

// What a place allows.
struct TextRules {
  bool variables = true;
  bool localised = true;  // False: a scanner or a browser reads it, not a person.
};

// Reads the texts of one template.json.
class TextParser {
 public:
  // Both outlive the parser.
  TextParser(Locales& locales, Report& report) : locales_(locales), report_(report) {}

  // An empty Text if `source` is "" or wrong; what is wrong is reported at `pointer`.
  Text Parse(const std::string& source, const std::string& pointer, TextRules rules);

 private:
  Text Localised(const std::string& source, const std::string& pointer, TextRules rules);

  Locales& locales_;
  Report& report_;
};

// Whether a string of a native block is a text: it starts with '@' or holds a variable.
bool LooksLikeText(std::string_view source);

}  // namespace passmint::design::internal
