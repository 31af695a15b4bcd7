#pragma once

#include "issuance/replay.h"
#include "json/json.h"

namespace passmint::issuance {

// The result of a replay as the API answers it and the store keeps it: ReplayResult of the OpenAPI
// document.
Json ReplayJson(const Replay& replay);

}  // namespace passmint::issuance
