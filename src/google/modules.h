#pragma once

// The parts that classes and objects have alike, made from a rendered card.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "design/rendered_card.h"
#include "google/layout.h"
#include "json/json.h"

namespace passmint::google {

// {"id", "header", "body"} with their localised twins.
Json TextModule(const Layout::Place& place, const design::RenderedField& field,
                const design::Field& definition, const std::vector<std::string>& languages);

// One of linksModuleData.uris.
Json LinkUri(const std::string& uri, const design::RenderedText& label,
             const std::vector<std::string>& languages);

// `description` may be empty: then Google's screen reader says nothing about the picture.
Json ImageJson(const std::string& url, const design::RenderedText& description,
               const std::vector<std::string>& languages);

// The texts and links of the fields that belong to the class (`on_class`) or to the object, as
// textModulesData and linksModuleData of `target`.
void AddModules(Json& target, const Layout& layout, const design::RenderedCard& card,
                bool on_class);

// An amount in millionths of its major unit, whatever the currency (reference 1.10). Nothing for a
// value that is no number, or one that an int64 cannot hold.
std::optional<std::int64_t> MicrosOf(const design::RenderedField& field);

// {"micros": "12500000", "currencyCode": "EUR"}; null without currency or number.
Json MoneyJson(const design::RenderedField& field);

}  // namespace passmint::google
