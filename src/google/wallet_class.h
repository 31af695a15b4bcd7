#pragma once

#include "base/ids.h"
#include "design/design.h"
#include "google/environment.h"
#include "google/layout.h"
#include "json/json.h"

namespace passmint::google {

// The class resource of a template, to be inserted or updated over REST when the template is
// published. What is on it is the same for all holders. reviewStatus is UNDER_REVIEW, which Google
// turns into APPROVED by itself.
Json MakeClass(const Layout& layout, const ClassId& id);

// Layout::class_body with google.class merged into it. For MakeLayout.
// REQUIRES: the other members of `layout` are set.
Json ClassBody(const Layout& layout, const design::Design& design, const Environment& environment);

}  // namespace passmint::google
