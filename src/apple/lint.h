#pragma once

#include "apple/environment.h"
#include "base/timestamp.h"
#include "design/design.h"
#include "design/finding.h"

namespace passmint::apple {

// Whether Wallet will take and show the cards of this design: rules P.. of the Apple reference 6.2,
// checked on the final pass.json (native patch merged) of every sample member in every language.
// Pointers are into template.json: "/fields/header/0/currency", "/apple/relevantDates/0". Equal
// findings of several samples are reported once. Rules about the template folder itself (P06, P23,
// P24, P26, P30, P31) are design::Compile's. P04 is the certificate's, K01 and U01 are verify.h's.
//
// Pure: `now` decides what lies in the past (P29).
design::Findings Lint(const design::Design& design, const PassEnvironment& environment,
                      Timestamp now);

}  // namespace passmint::apple
