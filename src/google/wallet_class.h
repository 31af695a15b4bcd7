#pragma once

#include "base/ids.h"
#include "google/layout.h"
#include "json/json.h"

namespace passmint::google {

// The class resource of a template, to be inserted or updated over REST when the template is
// published. What is on it is the same for all holders. reviewStatus is UNDER_REVIEW, which Google
// turns into APPROVED by itself.
Json MakeClass(const Layout& layout, const ClassId& id);

}  // namespace passmint::google
