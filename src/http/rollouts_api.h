#pragma once

#include "http/endpoint.h"

namespace passmint::http {

// GET /templates/{name}/rollout, POST .../pause, /resume, /cancel, /pace.
void AddRolloutEndpoints(EndpointRouter& router);

}  // namespace passmint::http
