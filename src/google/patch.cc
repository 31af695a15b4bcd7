#include "google/patch.h"

#include <string>

#include "design/blocks.h"
#include "google/localized.h"

namespace passmint::google {
namespace {

class Filler {
 public:
  Filler(const design::Template& source, const design::RenderedCard& card)
      : source_(source), card_(card) {}

  // `schema` is null where the schema knows nothing (lint: rule G03). Depth is that of
  // template.json, which json::Parse has bounded.
  Json Fill(const Json& value, const std::string& pointer, std::string_view type) const {
    if (value.is_string()) return Text(value, pointer, type);
    if (value.is_array()) {
      Json filled = Json::array();
      for (std::size_t i = 0; i < value.size(); ++i) {
        filled.push_back(Fill(value[i], json::Child(pointer, i), type));
      }
      return filled;
    }
    if (!value.is_object()) return value;
    const SchemaType* const schema = FindSchema(type);
    Json filled = Json::object();
    for (const auto& [key, member] : value.items()) {
      const SchemaField* const field = schema == nullptr ? nullptr : schema->Find(key);
      filled[key] = Fill(member, json::Child(pointer, key),
                         field == nullptr ? std::string_view() : field->type);
    }
    return filled;
  }

 private:
  Json Text(const Json& value, const std::string& pointer, std::string_view type) const {
    const design::RenderedText* const text = design::FindBlockText(source_, card_, pointer);
    if (text == nullptr) return value;
    if (type == "LocalizedString") return Localized(*text, source_.languages);
    return text->empty() ? std::string() : text->In(0);
  }

  const design::Template& source_;
  const design::RenderedCard& card_;
};

}  // namespace

Json FillPatch(const Json& block, std::string_view pointer, const SchemaType& schema,
               const design::Template& source, const design::RenderedCard& card) {
  return Filler(source, card).Fill(block, std::string(pointer), schema.name);
}

}  // namespace passmint::google
