#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace passmint::design {

namespace internal {
struct Message;
}

// A text of a template: literal parts, variables, plurals; one version per language where it came
// from the locales. Parsed once, expanded per card. Immutable; copies share parsed messages.
class Text {
 public:
  // A part of one language's version.
  struct Part {
    enum class Type {
      kLiteral,
      kVariable,
      kMessage,  // An ICU plural or select.
      kCount,    // '#': the number that the plural around it is about.
    };
    Type type = Type::kLiteral;
    std::string text;          // The literal, or the variable's name.
    std::size_t variable = 0;  // kVariable: index into Variables().
    std::shared_ptr<const internal::Message> message = nullptr;  // kMessage only.
  };

  Text() = default;
  // One version per language, or a single one for all.
  Text(std::string source, std::vector<std::vector<Part>> versions)
      : source_(std::move(source)), versions_(std::move(versions)) {}

  // True if template.json has no such text, or "".
  bool empty() const { return versions_.empty(); }
  const std::string& source() const { return source_; }  // As written in template.json.
  bool localised() const { return versions_.size() > 1; }
  bool HasVariables() const;
  const std::vector<std::vector<Part>>& versions() const { return versions_; }

  // If the text is exactly one variable ("{{points.available}}"), its name; else "".
  std::string_view SoleVariable() const;

  // The text of a version without variables, for lint; variables and plurals are left out.
  std::string Literal(std::size_t version) const;

 private:
  std::string source_;
  std::vector<std::vector<Part>> versions_;
};

}  // namespace passmint::design
