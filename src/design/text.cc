#include "design/text.h"

#include <algorithm>

namespace passmint::design {

bool Text::HasVariables() const {
  return std::any_of(versions_.begin(), versions_.end(), [](const std::vector<Part>& version) {
    return std::any_of(version.begin(), version.end(),
                       [](const Part& part) { return part.type != Part::Type::kLiteral; });
  });
}

std::string_view Text::SoleVariable() const {
  if (versions_.size() != 1 || versions_[0].size() != 1) return {};
  const Part& part = versions_[0][0];
  return part.type == Part::Type::kVariable ? std::string_view(part.text) : std::string_view();
}

std::string Text::Literal(std::size_t version) const {
  std::string literal;
  if (versions_.empty()) return literal;
  for (const Part& part : versions_[versions_.size() == 1 ? 0 : version]) {
    if (part.type == Part::Type::kLiteral) literal += part.text;
  }
  return literal;
}

}  // namespace passmint::design
