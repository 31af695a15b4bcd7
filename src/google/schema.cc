#include "google/schema.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace passmint::google {
namespace {

using Schemas = std::map<std::string_view, SchemaType>;

std::string_view TakeWord(std::string_view& text) {
  const std::size_t space = text.find(' ');
  const std::string_view word = text.substr(0, space);
  text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  return word;
}

SchemaField ReadField(std::string_view word) {
  const std::size_t colon = word.find(':');
  SchemaField field{.name = word.substr(0, colon), .type = word.substr(colon + 1)};
  while (!field.type.empty()) {
    const char mark = field.type.back();
    if (mark == '!') {
      field.required = true;
    } else if (mark == '~') {
      field.deprecated = true;
    } else if (mark == '^') {
      field.output_only = true;
    } else {
      break;
    }
    field.type.remove_suffix(1);
  }
  if (field.type.size() > 2 && field.type.substr(field.type.size() - 2) == "[]") {
    field.list = true;
    field.type.remove_suffix(2);
  }
  return field;
}

void Read(std::span<const SchemaSource> sources, Schemas& schemas) {
  for (const SchemaSource& source : sources) {
    SchemaType type{.name = source.name, .fields = {}};
    std::string_view rest = source.fields;
    while (!rest.empty()) {
      const std::string_view word = TakeWord(rest);
      if (word.front() == '+') {
        const auto& base = schemas.at(word.substr(1)).fields;  // Bases stand above.
        type.fields.insert(type.fields.end(), base.begin(), base.end());
      } else {
        type.fields.push_back(ReadField(word));
      }
    }
    schemas.emplace(source.name, std::move(type));
  }
}

const Schemas& All() {
  static const Schemas schemas = [] {
    Schemas all;
    Read(ResourceSources(), all);
    Read(PartSources(), all);
    return all;
  }();
  return schemas;
}

}  // namespace

const SchemaField* SchemaType::Find(std::string_view field) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [field](const SchemaField& one) { return one.name == field; });
  return found == fields.end() ? nullptr : &*found;
}

FieldKind KindOf(std::string_view type) {
  static constexpr auto kLeaves = std::to_array<std::pair<std::string_view, FieldKind>>({
      {"string", FieldKind::kString},
      {"boolean", FieldKind::kBoolean},
      {"double", FieldKind::kDouble},
      {"int32", FieldKind::kInt32},
      {"int64", FieldKind::kInt64},
      {"date", FieldKind::kDate},
      {"color", FieldKind::kColor},
      {"language", FieldKind::kLanguage},
      {"uri", FieldKind::kUri},
      {"any", FieldKind::kAny},
  });
  for (const auto& [name, kind] : kLeaves) {
    if (name == type) return kind;
  }
  return FindSchema(type) != nullptr ? FieldKind::kObject : FieldKind::kEnum;
}

const SchemaType& ClassSchema(Vertical vertical) {
  static constexpr std::array<std::string_view, 5> kNames = {
      "LoyaltyClass", "GiftCardClass", "OfferClass", "EventTicketClass", "GenericClass"};
  return All().at(kNames[static_cast<std::size_t>(vertical)]);
}

const SchemaType& ObjectSchema(Vertical vertical) {
  static constexpr std::array<std::string_view, 5> kNames = {
      "LoyaltyObject", "GiftCardObject", "OfferObject", "EventTicketObject", "GenericObject"};
  return All().at(kNames[static_cast<std::size_t>(vertical)]);
}

const SchemaType* FindSchema(std::string_view name) {
  const auto found = All().find(name);
  return found == All().end() ? nullptr : &found->second;
}

}  // namespace passmint::google
