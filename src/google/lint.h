#pragma once

#include "design/design.h"
#include "design/finding.h"
#include "google/environment.h"

namespace passmint::google {

// Rules G01 to G30 of Google's side, on the class and on the objects of all sample members, after
// the native patches were merged, so that what is checked is what would be sent. Pointers lead into
// template.json: to the field, picture or key of a patch that has to change. README.md lists the
// rules. Pure; takes some milliseconds.
//
// Boarding passes have no Google vertical and no findings.
design::Findings Lint(const design::Design& design, const Environment& environment);

}  // namespace passmint::google
