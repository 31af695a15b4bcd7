#pragma once

#include <string_view>

#include "design/rendered_card.h"
#include "design/template.h"
#include "google/schema.h"
#include "json/json.h"

namespace passmint::google {

// The native block `block` of a template, which stands at `pointer` ("/google/object"), with its
// texts ("@key", variables) filled in for one card: as a LocalizedString where the schema wants
// one, else in the first language.
Json FillPatch(const Json& block, std::string_view pointer, const SchemaType& schema,
               const design::Template& source, const design::RenderedCard& card);

}  // namespace passmint::google
