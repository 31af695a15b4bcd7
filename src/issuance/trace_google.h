#pragma once

#include <vector>

#include "issuance/trace.h"

namespace passmint::issuance {

// The steps of a change on its way to Google: google_inserted (the object is there), google (it is
// as the card is), google_saved (somebody has it). Decides on the rows alone.
void AddGoogleSteps(const TraceRows& rows, std::vector<TraceStep>& steps);

// Trace.google of assets/openapi.yaml; null if the programme has no Google account.
Json GoogleTraceJson(const TraceRows& rows);

}  // namespace passmint::issuance
