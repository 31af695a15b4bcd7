#pragma once

#include <functional>
#include <string_view>

#include "design/rendered_card.h"
#include "design/template.h"
#include "json/json.h"

namespace passmint::design {

// Texts inside the blocks that stay JSON (offer, event, actions, apple, google_class, a field's
// semantics, ...). Template::block_texts lists them by pointer into template.json:
//   - in our own blocks every key that assets/template.schema.json calls a text: "/offer/title",
//     "/event/venue/name", "/actions/0/url", "/event/performers/1";
//   - in native blocks ("/apple", "/google/class", "/google/object", "/fields/header/0/semantics")
//     every string that starts with '@' or holds a variable.
// The JSON keeps the source as it was written, so whoever copies a string out of a block asks here
// first. All are pure and safe for concurrent use.

// The text of `pointer` for that card. Null if no text stands there: the key is absent, or its
// string is not a text.
const RenderedText* FindBlockText(const Template& source, const RenderedCard& card,
                                  std::string_view pointer);

// Whether a text stands anywhere at or below `pointer`; without one a block may be serialised once.
bool HasBlockTexts(const Template& source, std::string_view pointer);

// Whether one of them has variables, so that it may differ from card to card.
bool HasVariableBlockTexts(const Template& source, std::string_view pointer);

// A copy of `block`, which stands at `pointer`, with each text replaced by what `put` makes of it.
// Google takes one language or a LocalizedString, Apple a key of pass.strings.
Json FillBlock(const Json& block, std::string_view pointer, const Template& source,
               const RenderedCard& card, const std::function<Json(const RenderedText&)>& put);

}  // namespace passmint::design
