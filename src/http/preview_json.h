#pragma once

#include "design/design.h"
#include "design/rendered_card.h"
#include "google/layout.h"
#include "json/json.h"

namespace passmint::http {

// A card as an editor draws it, schema TemplatePreview of the OpenAPI document: the texts that the
// wallets are given, in every language of the template and in the order in which each wallet shows
// them; which picture stands in which slot; colours and barcode. Texts are lists, parallel to
// "languages".
// REQUIRES: `card` was rendered by `design`. `layout`: Google's side of it; null if there is none.
Json PreviewJson(const design::Design& design, const design::RenderedCard& card,
                 const google::Layout* layout);

}  // namespace passmint::http
