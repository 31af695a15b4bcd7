#include "google/lint_visit.h"

#include <cstddef>

namespace passmint::google {
namespace {

void Walk(const Json& part, const SchemaType& type, const std::string& path, const Visit& visit) {
  visit(part, type, path);
  for (const auto& [key, value] : part.items()) {
    const SchemaField* const field = type.Find(key);
    if (field == nullptr) continue;
    const SchemaType* const below = FindSchema(field->type);
    if (below == nullptr) continue;
    const std::string pointer = json::Child(path, key);
    if (value.is_object() && !field->list) Walk(value, *below, pointer, visit);
    if (!value.is_array() || !field->list) continue;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i].is_object()) Walk(value[i], *below, json::Child(pointer, i), visit);
    }
  }
}

}  // namespace

void VisitParts(const Json& resource, const SchemaType& schema, const Visit& visit) {
  if (resource.is_object()) Walk(resource, schema, "", visit);
}

const Json& MemberOf(const Json& object, std::string_view key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto member = object.find(key);
  return member == object.end() ? null : *member;
}

std::string_view TextOf(const Json& object, std::string_view key) {
  const Json& member = MemberOf(object, key);
  return member.is_string() ? std::string_view(member.get_ref<const std::string&>()) : "";
}

}  // namespace passmint::google
