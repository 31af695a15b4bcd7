#pragma once

#include "base/ids.h"
#include "design/rendered_card.h"
#include "google/layout.h"
#include "json/json.h"

namespace passmint::google {

// The object resource of one card: a pure function of its arguments. Total: whatever the card
// holds, the answer is an object; what Google would refuse, lint has refused before.
// REQUIRES: `card` was rendered by the design that `layout` was made from.
Json MakeObject(const Layout& layout, const design::RenderedCard& card, const ClassId& class_id,
                const ObjectId& object_id);

}  // namespace passmint::google
