#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.h"
#include "design/rendered_card.h"
#include "design/values.h"

namespace passmint::design {

// A text of a template: literal parts, variables, plurals; one version per language where it came
// from the locales. Parsed once (Parse, in text.cc, resolves "@key" and "{{name}}"), expanded per
// card.
class Text {
 public:
  // A part of one language's version.
  struct Part {
    enum class Type { kLiteral, kVariable, kMessage };
    Type type = Type::kLiteral;
    std::string text;                     // The literal, or the variable's name.
    std::shared_ptr<const void> message;  // kMessage: the parsed ICU message.
  };

  Text() = default;
  // One version per language, or a single one for all.
  Text(std::string source, std::vector<std::vector<Part>> versions)
      : source_(std::move(source)), versions_(std::move(versions)) {}

  bool empty() const { return versions_.empty(); }
  const std::string& source() const { return source_; }  // As written in template.json.
  bool localised() const { return versions_.size() > 1; }
  bool HasVariables() const;
  const std::vector<std::vector<Part>>& versions() const { return versions_; }

  // If the text is exactly one variable ("{{points.available}}"), its name; else "".
  std::string_view SoleVariable() const;

 private:
  std::string source_;
  std::vector<std::vector<Part>> versions_;
};

}  // namespace passmint::design
