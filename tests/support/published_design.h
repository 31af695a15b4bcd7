#pragma once

#include "base/ids.h"
#include "base/timestamp.h"
#include "issuance/design_version.h"

namespace passmint::testing {

// A loyalty template's first version, which all its cards show, as the store keeps it.
inline issuance::DesignVersion PublishedDesign(const TemplateName& name, Timestamp now) {
  return {.name = name,
          .version = 1,
          .hash = "h",
          .kind = "loyalty",
          .files = {{"template.json", "{}"}},
          .ring = 100,
          .reach = 100,
          .changed_at = now,
          .published_at = now,
          .author = ApiKeyName("a"),
          .published_by = ApiKeyName("a"),
          .comment = {},
          .withdrawal = {}};
}

}  // namespace passmint::testing
