#pragma once

#include "http/endpoint.h"

namespace passmint::http {

// GET /cards/{number}/trace.
void AddTraceEndpoints(EndpointRouter& router);

}  // namespace passmint::http
