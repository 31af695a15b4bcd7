#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apple/internal/import_texts.h"
#include "json/json.h"

namespace passmint::apple::internal {

// <a href="https://example.com">our site</a>, its entities resolved.
struct Anchor {
  std::string href;
  std::string text;
};

// The anchor if `html` is one with an address that phones open, and nothing else.
std::optional<Anchor> ReadAnchor(std::string_view html);

// Sets "href" of `field`, which is to become the template's field `out`, if its attributedValue is
// one link; what of it a template cannot say is noted.
void TakeHref(const Json& field, ImportTexts& texts, std::vector<ImportNote>& notes, Json& out);

// Whether a field on the back is what we write for an entry of "links".
bool IsLinkField(const Json& field);

// "links" of the template for the style object of a pass; an empty array if it has none.
Json ImportLinks(const Json& style, ImportTexts& texts);

}  // namespace passmint::apple::internal
